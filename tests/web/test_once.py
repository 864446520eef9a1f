"""A form sent twice is one act, whichever door it stands at."""

from uuid import UUID

from kopilka.web.once import OnceForm, marked_by

ANNA = UUID(int=1)
DRAWN = "0198b8a2-6a53-7c1d-9d0e-2f1b3c4d5e6f"


def sent(once=DRAWN):
    form = OnceForm({"once": once})
    assert form.is_valid()
    return form


def test_form_sent_again_is_the_same_request():
    first, again = marked_by(ANNA, sent(), "gift", 2), marked_by(ANNA, sent(), "gift", 2)

    assert first == again
    assert first.owner == ANNA


def test_changed_content_is_another_request():
    assert marked_by(ANNA, sent(), "gift", 2).key != marked_by(ANNA, sent(), "gift", 3).key


def test_every_page_draws_a_key_of_its_own():
    assert OnceForm()["once"].value() != OnceForm()["once"].value()


def test_what_is_no_key_is_replaced_and_loses_nothing():
    UUID(sent("nonsense").cleaned_data["once"])
    assert sent("").cleaned_data["once"] != sent("").cleaned_data["once"]
