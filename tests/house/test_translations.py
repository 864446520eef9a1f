"""Every sentence of the pages exists in Russian, with the same figures in it."""

import pytest

from tools import messages


@pytest.mark.parametrize("door", messages.DOORS)
def test_door_speaks_russian(door):
    assert messages.mistakes(door) == []


def test_template_sentences_are_found(tmp_path, monkeypatch):
    """Without this, a catalogue that misses nothing might be a search that finds nothing."""
    door = tmp_path / "web"
    door.mkdir()
    door.joinpath("page.html").write_text(
        '{% translate "Hello" %}<p>{% translate "Close" context "a door" %}</p>\n'
        "{% blocktranslate count n=n %}{{ n }} sale{% plural %}{{ n }} sales{% endblocktranslate %}"
    )
    door.joinpath("views.py").write_text("from x import gettext as _\n_('Good bye')\nngettext('a', 'b', 2)\n")
    monkeypatch.setattr(messages, "SOURCE", tmp_path)

    assert messages.messages_of("web") == {
        ("", "Hello", ""),
        ("a door", "Close", ""),
        ("", "%(n)s sale", "%(n)s sales"),
        ("", "Good bye", ""),
        ("", "a", "b"),
    }
