"""Pages anybody may open: the program's own, invitations, coupons by link, texts."""

import html
import re
from io import BytesIO

import pytest
from django.db import transaction
from django.test import Client
from PIL import Image

from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.links import LinkView
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.articles import NewArticle, save_article
from kopilka.services.consents import publish_text
from kopilka.services.links import NewLink, create_link
from kopilka.services.page_settings import PageChange, change_pages
from kopilka.services.pictures import Drawn, keep_picture
from kopilka.services.programs import add_branch
from kopilka.services.rulebook_templates import template_text
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def text_of(answer):
    told = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return re.sub(r"\s+", " ", told.replace("\u00a0", " "))


def made(template="tiers", slug="lavka"):
    return make_program(slug, rulebook=template_text(template))


def looks_of(program):
    with transaction.atomic():
        enter_program(program.id)
        return LinkView.objects.of(program.id).count()


def test_the_first_page_leads_to_the_only_program():
    made()

    assert Client().get("/")["Location"] == "/p/lavka/"


def test_the_first_page_lets_choose_among_several_programs():
    made()
    made(slug="other")

    assert 'href="/p/other/"' in Client().get("/").content.decode()


def test_without_programs_the_first_page_says_how_to_make_one():
    answer = Client().get("/", **ENGLISH)

    assert "kopilka program create" in text_of(answer)


def test_the_landing_tells_the_rules_the_branches_and_what_a_purchase_brings():
    """S0.3, S1.6: on one page, in plain words."""
    program = made()
    add_branch(program_id=program.id, code="b1", name="На Арбате", tills=(), by=SYSTEM_ACTOR, at=NOON)

    shown = text_of(Client().get("/p/lavka/"))

    assert "Золотой — сумма покупок больше 10 000 ₽: кешбэк 5 %." in shown
    assert "На Арбате" in shown
    assert "+90 баллов" in shown


def test_the_calculator_answers_without_scripts_and_sooner_with_them():
    made()

    whole = Client().get("/p/lavka/", {"amount": "10 000,50"}, **ENGLISH)
    part = Client().get("/p/lavka/", {"amount": "10 000,50"}, HTTP_HX_REQUEST="true", **ENGLISH)

    assert "+500 points" in text_of(whole)
    assert "₽5,000" in text_of(whole)
    assert part.content.decode().strip().startswith('<div id="answer"')
    assert "+700 points" in text_of(part)


@pytest.mark.parametrize("typed", ["", "abc", "0", "-5", "1e9", "99999999999999", "<script>", "NaN", "１２"])
def test_a_sum_nobody_could_pay_is_told_beside_the_field(typed):
    made()

    answer = Client().get("/p/lavka/", {"amount": typed}, **ENGLISH)

    assert answer.status_code == 200
    assert 'class="mistake"' in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def test_what_is_wrong_with_a_sum_is_told_in_the_readers_language():
    made()

    told = [text_of(Client().get("/p/lavka/", {"amount": "abc"}, HTTP_ACCEPT_LANGUAGE=one)) for one in ("ru", "en")]

    assert "Введите сумму, например 3 000." in told[0]
    assert "Type a sum, such as 3 000." in told[1]


def test_a_program_without_rules_still_has_a_page():
    make_program()

    assert "The rules are being written" in text_of(Client().get("/p/lavka/", **ENGLISH))


def test_an_unknown_program_is_a_page_that_is_not_there():
    assert [Client().get(f"/p/nobody/{rest}").status_code for rest in ("", "i/x/", "c/x/", "terms/", "poster/")] == [
        404
    ] * 5


def test_a_link_counts_each_visitor_once_and_is_kept_for_the_card():
    """S4.28."""
    program = made("referral")
    new = NewLink("youtube")
    slug = create_link(program_id=program.id, new=new, asking=Asking(SYSTEM_ACTOR, NOON)).link.slug
    client = Client()

    pages = [client.get(f"/p/lavka/i/{slug}/") for _ in range(3)]
    other = Client().get(f"/p/lavka/i/{slug}/")

    assert [page.status_code for page in (*pages, other)] == [200] * 4
    assert looks_of(program) == 2
    assert client.cookies["kopilka_invitation"]["path"] == "/card/lavka/"
    assert client.cookies["kopilka_visitor"]["httponly"]
    assert client.post(f"/p/lavka/i/{slug}/")["Location"] == "/card/lavka/"
    assert pages[0]["X-Robots-Tag"] == "noindex, nofollow"


def test_a_friends_page_says_what_the_friend_gets_and_not_whether_the_code_is_real():
    """S4.27, T7."""
    made("referral")

    one, other = (Client().get(f"/p/lavka/i/{code}/", **ENGLISH) for code in ("123456", "ZZZZZZ"))

    assert "You get 500 points for joining, good for 14 days." in text_of(one)
    assert text_of(one) == text_of(other)


def test_a_visitor_without_a_friend_is_told_of_the_welcome():
    program = made("referral")
    slug = create_link(program_id=program.id, new=NewLink("tv"), asking=Asking(SYSTEM_ACTOR, NOON)).link.slug

    shown = text_of(Client().get(f"/p/lavka/i/{slug}/", **ENGLISH))

    assert "You get 300 points for joining" in shown
    assert "A friend" not in shown


@pytest.mark.parametrize("code", ["a b", "x" * 65, "a.b", "%3Cb%3E"])
def test_what_cannot_be_a_code_is_a_page_that_is_not_there(code):
    made()

    assert Client().get(f"/p/lavka/i/{code}/").status_code == 404


def test_a_coupons_page_says_what_it_gives_and_tells_guessers_nothing():
    """S2.22, T22: codes of a series all look alike, real or not."""
    made("gift-shop")

    known, guessed, other = (
        Client().get(f"/p/lavka/c/{code}/", **ENGLISH) for code in ("by-link", "ABCDEFGH12345678", "AAAAAAAA11111111")
    )

    assert "Discount by a link's coupon: 15% off." in text_of(known)
    assert text_of(guessed) == text_of(other)
    assert known["X-Robots-Tag"] == "noindex, nofollow"


def test_the_button_of_a_coupon_leads_to_the_card():
    made("gift-shop")
    client = Client()

    answer = client.post("/p/lavka/c/by-link/")

    assert answer["Location"] == "/card/lavka/coupon/"
    assert client.cookies["kopilka_coupon"]["path"] == "/card/lavka/"
    assert client.get("/card/lavka/coupon/")["Location"] == "/card/lavka/login/?next=%2Fcard%2Flavka%2Fcoupon%2F"


def test_texts_have_versions_and_the_earlier_ones_stay():
    program = made()
    for word in ("Первая", "Вторая"):
        told = {"kind": "terms", "text_ru": f"{word} редакция.", "text_en": "x", "by": SYSTEM_ACTOR, "at": NOON}
        publish_text(program_id=program.id, **told)

    now, before = text_of(Client().get("/p/lavka/terms/")), text_of(Client().get("/p/lavka/terms/?version=1"))

    assert "Вторая редакция." in now
    assert "Первая редакция." in before
    assert [Client().get(f"/p/lavka/terms/?version={bad}").status_code for bad in ("9", "x", "²", "1" * 30)] == [
        404
    ] * 4
    assert [Client().get(f"/p/lavka/{kind}/").status_code for kind in ("privacy", "ads")] == [200, 200]


def test_names_of_the_program_are_shown_as_text():
    make_program("evil", rulebook=template_text("tiers"))
    program = made(slug="lavka")
    add_branch(program_id=program.id, code="b1", name="<img src=x onerror=1>", tills=(), by=SYSTEM_ACTOR, at=NOON)

    assert "<img src=x" not in Client().get("/p/lavka/").content.decode()


def test_posters_lead_where_they_say(settings):
    settings.PUBLIC_URL = "https://shop.example"
    made("gift-shop")

    card, coupon = (
        text_of(Client().get("/p/lavka/poster/", query))
        for query in ({"to": "card", "size": "a5"}, {"to": "coupon", "code": "by-link", "size": "tent"})
    )

    assert "https://shop.example/card/lavka/" in card
    assert "Кешбэк 7 % с каждой покупки: за 1 000 ₽ — 70 бонусов." in card
    assert coupon.count("https://shop.example/p/lavka/c/by-link/") == 2


def test_a_coupons_poster_says_what_the_coupon_gives():
    made("gift-shop")

    page = text_of(Client().get("/p/lavka/poster/", {"to": "coupon", "code": "by-link"}))

    assert "Скидка по купону из ссылки: скидка 15 %." in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"to": "invite"}, "Which one? Type its code."),
        ({"to": "coupon", "code": " ", "size": "tent"}, "Which one? Type its code."),
        ({"to": "coupon", "code": "<b>"}, "Letters, digits and hyphens only, at most 64."),
    ],
)
def test_a_poster_without_its_code_is_asked_for_it_and_what_was_chosen_stays(query, told):
    made()

    page, pdf = (Client().get(f"/p/lavka/{path}", query, **ENGLISH) for path in ("poster/", "poster.pdf"))

    assert page.status_code == pdf.status_code == 422
    assert told in text_of(page)
    assert re.search(rf'value="{query["to"]}"[^>]* checked', page.content.decode())


@pytest.mark.parametrize("query", [{"size": "a0"}, {"to": "bank"}])
def test_a_poster_of_nothing_is_a_page_that_is_not_there(query):
    made()

    assert Client().get("/p/lavka/poster/", query).status_code == 404
    assert Client().get("/p/lavka/poster.pdf", query).status_code == 404


@pytest.mark.parametrize("size", ["a4", "a5", "tent"])
def test_a_poster_comes_as_a_pdf(size):
    made()

    answer = Client().get("/p/lavka/poster.pdf", {"size": size})

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"DejaVu" in answer.content


def test_a_poster_carries_the_logo_of_its_program(settings, tmp_path):
    """The PDF as well as the page: without one our pig is drawn."""
    settings.MEDIA_ROOT = tmp_path
    program = made()
    plain = Client().get("/p/lavka/poster.pdf").content
    picture = BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(picture, "PNG")
    change_pages(program_id=program.id, change=PageChange(logo=picture.getvalue()), by=SYSTEM_ACTOR, at=NOON)

    dressed = Client().get("/p/lavka/poster.pdf").content
    page = Client().get("/p/lavka/poster/").content.decode()

    assert plain.count(b"/Subtype /Image") == dressed.count(b"/Subtype /Image") == 2
    assert len(dressed) > len(plain) + 30_000
    assert page.count('<img class="logo"') == 2


def test_the_window_shows_gifts_of_which_there_is_a_picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    gifts = "gifts: {mug: {sku: MUG, for: {bonus: 400}, picture: mug.jpg}, cup: {sku: CUP, for: {bonus: 100}}}\n"
    program = make_program(rulebook=RULES + gifts)
    missing = Client().get("/p/lavka/").content.decode()
    keep_picture(program.id, Drawn(b"jpeg", ".jpg", 1, 1), stem="mug")

    page = Client().get("/p/lavka/").content.decode()

    assert 'class="window"' not in missing
    assert page.count('<li class="card"><img') == 1
    assert "/mug.jpg" in page
    assert "400\xa0баллов" in page


def test_without_the_font_a_pdf_says_how_to_get_it(monkeypatch):
    made()
    monkeypatch.setattr("kopilka.site.printing.FOLDERS", ())

    answer = Client().get("/p/lavka/poster.pdf", **ENGLISH)

    assert answer.status_code == 503
    assert "fonts-dejavu-core" in text_of(answer)
    assert "fonts-dejavu-core" in text_of(Client().get("/p/lavka/posters/", **ENGLISH))


RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points: {bonus: {name: {ru: Баллы, en: Points}, worth: "1.00", starts_after: at_once}}
spending: {bonus: {share_of_receipt: 50}}
promotions:
  cashback: {earn: {percent: 5}}
  milk:
    lines: {sku: MILK-1L}
    discount: {price: "59.90"}
    turn_off: [earning, spending]
"""


def test_price_tags_are_yellow_where_a_promotion_sets_the_price():
    """S4.13."""
    program = make_program(rulebook=RULES)
    for article in (NewArticle("MILK-1L", "Молоко", 899_000), NewArticle("BREAD", "Хлеб", 100_0000)):
        save_article(program_id=program.id, article=article, by=SYSTEM_ACTOR, at=NOON)

    page = Client().get("/p/lavka/tags/", **ENGLISH)
    yellow = text_of(Client().get("/p/lavka/tags/?only=yellow", **ENGLISH))

    assert page.content.decode().count("tag-yellow") == 1
    assert "Молоко ₽59.90 ₽89.90 no points earned or accepted" in text_of(page)
    assert "Хлеб ₽100 +5 points" in text_of(page)
    assert "Хлеб" not in yellow
    assert Client().get("/p/lavka/tags.pdf").content.startswith(b"%PDF-")


def test_without_articles_the_tags_say_where_they_come_from():
    made()

    assert "kopilka articles import" in text_of(Client().get("/p/lavka/tags/", **ENGLISH))
