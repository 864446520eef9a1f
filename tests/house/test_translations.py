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


def test_doors_say_the_same_sentence_in_the_same_words():
    """All doors share one space of sentences: the first one would speak for all."""
    assert messages.disagreements() == []


def test_a_door_that_says_it_otherwise_is_found(tmp_path, monkeypatch):
    for door, russian in (("web", "Печать"), ("till", "Напечатать"), ("card", "Напечатать")):
        place = tmp_path / door / "locale/ru/LC_MESSAGES/django.po"
        place.parent.mkdir(parents=True)
        place.write_text(
            f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Print"\nmsgstr "{russian}"\n\n'
            f'msgctxt "{door}"\nmsgid "Close"\nmsgstr "{russian}"\n'
        )
    monkeypatch.setattr(messages, "SOURCE", tmp_path)

    assert messages.disagreements() == ["said in different words: 'Print': web: 'Печать'; till, card: 'Напечатать'"]
