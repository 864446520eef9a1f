"""The sale page: one field, a receipt that grows, Enter that books once."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.events import AuditRecord
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.devices import KIOSK
from kopilka.queries.open_receipts import How, Spend, open_receipt
from kopilka.services.articles import NewArticle, save_article
from kopilka.services.codes import issue_code
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.open_receipts import name_member
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.counter import let_in, make_cashier, make_manager, signed_in_client
from tests.factories import NOON, make_member, make_program
from tests.till.desk import RULES as WITH_GIFTS
from tests.till.desk import give_points
from tests.tills import FREE_RULES, RULES, buy, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


class Till:
    """A cashier's browser: what he types and presses goes where the page on his screen says."""

    def __init__(self, program, code="01", **options):
        self.program = program
        self.enrolled = options.pop("enrolled", None) or let_in(program)
        self.client = signed_in_client(program, code, enrolled=self.enrolled, **options)
        self.html = self.client.get(self.path()).content.decode()

    def path(self, name=""):
        return f"/till/{self.program.slug}/{name}"

    def enter(self, text="", **given):
        """Type and press Enter, or a button `do`."""
        answer = self.client.post(self.path("find/"), {**self.hidden(), "text": text, **given}, headers=HTMX)
        assert answer.status_code == 200, answer.content.decode()
        self.answer, self.html = answer, answer.content.decode()
        return self.html

    def hidden(self):
        names = "receipt", "seen_paid", "seen_units", "looking"
        found = {name: re.search(rf'name="{name}" value="([^"]*)"', self.html) for name in names}
        return {name: one[1] for name, one in found.items() if one}

    @property
    def receipt(self):
        return open_receipt(self.program.id, self.enrolled.device.id)

    @property
    def problem(self):
        found = re.search(r'id="till-problem".*?<span>(.*?)</span>', self.html, re.DOTALL)
        return found[1] if found else ""

    @property
    def ask(self):
        return re.search(r'id="till-ask"[^>]*>(.*?)</label>', self.html)[1]


@pytest.fixture
def program():
    made = make_program(rulebook=FREE_RULES)
    make_cashier(made)
    return made


@pytest.fixture
def strict():
    """Spending needs a code."""
    made = make_program("strogaya", rulebook=RULES)
    make_cashier(made)
    return made


def sales(program):
    return rows(program.id, Purchase, "external_id", "member_id", "net_minor", "paid_minor", "staff", "source")


def test_phone_amount_and_enter_is_a_sale_s1_13(program):
    anna = make_member(program, name="Анна Ёлкина")
    till = Till(program)

    assert "Анна Ёлкина" in till.enter("8 (916) 123-45-67")
    assert "+7 ••• ••• 45-67" in till.html
    assert "91612" not in till.html

    assert "Сумма чека" in till.enter("350,50") or "Amount" in till.html
    till.enter()

    assert "data-done" in till.html
    assert sales(program) == [("1-000001", anna, 35050, 35050, "01", "till:1")]
    assert wallet(program.id, anna) == (35, 0, 0, 0)
    assert till.receipt is None


def test_enter_twice_or_from_an_old_page_books_once(program):
    make_member(program)
    till = Till(program)
    till.enter("+79161234567")
    till.enter("100")
    before = till.html

    till.enter()
    first = till.html
    till.html = before
    till.enter()

    assert len(sales(program)) == 1
    assert "data-done" in first
    assert "data-done" in till.html

    till.html = before
    again = till.client.post(till.path("confirm/"), till.hidden())
    assert (again.status_code, again.url.startswith("/till/lavka/receipt/")) == (302, True)
    assert len(sales(program)) == 1


def test_points_pay_all_some_or_none(program):
    anna = make_member(program)
    buy(program.id, anna, "1000", at=timezone.now())
    till = Till(program)
    till.enter("+79161234567")

    till.enter("150", do="all")
    assert (till.receipt.document.spend, till.hidden()["seen_paid"]) == (Spend.ALL, "7500")

    till.enter(do="less")
    assert till.hidden()["seen_paid"] == "8500"
    till.enter(do="more")
    assert till.hidden()["seen_paid"] == "7500"
    till.enter(units="20", units_shown="75")
    assert till.hidden()["seen_paid"] == "13000"
    till.enter(do="none")
    assert till.hidden()["seen_paid"] == "15000"

    till.enter(do="all")
    till.enter()

    assert sales(program)[-1][2:4] == (15000, 7500)
    assert wallet(program.id, anna)[0] == 100 - 75 + 7


def test_more_points_than_possible_are_as_many_as_possible_and_told(program):
    anna = make_member(program)
    buy(program.id, anna, "1000", at=timezone.now())
    till = Till(program)
    till.enter("+79161234567")
    till.enter("100")

    till.enter(units="90", units_shown="0")

    assert "50" in till.problem
    assert till.hidden()["seen_paid"] == "5000"


def test_spending_waits_for_the_code_and_enter_after_it_sells(strict):
    anna = make_member(strict)
    buy(strict.id, anna, "1000", at=timezone.now())
    till = Till(strict)
    till.enter("+79161234567")
    till.enter("100", do="all")
    assert till.ask == "Код или PIN покупателя"

    till.enter()
    assert len(sales(strict)) == 1
    assert till.problem

    code = issue_code(program_id=strict.id, member_id=anna, by=SYSTEM_ACTOR, at=timezone.now()).code
    wrong = "000000" if code != "000000" else "111111"
    till.enter(wrong)
    assert len(sales(strict)) == 1
    assert till.receipt.proof == ""

    till.enter(code)
    assert "data-done" in till.html
    assert sales(strict)[-1][2:4] == (10000, 5000)


def test_last_four_digits_name_one_and_need_a_second_fact_before_points_pay(program):
    anna = make_member(program, name="Анна Ёлкина")
    buy(program.id, anna, "1000", at=timezone.now())
    till = Till(program)

    till.enter("4567")
    assert (till.receipt.member_id, till.receipt.how) == (anna, How.TAIL)

    till.enter("100", do="all")
    till.enter()
    assert "нужен" in till.problem.lower() or till.problem
    assert len(sales(program)) == 1

    till.enter("89161234567")
    till.enter()
    assert sales(program)[-1][2:4] == (10000, 5000)


def test_last_four_digits_of_several_are_a_masked_list(program):
    anna = make_member(program, "+79161234567", name="Анна Ёлкина")
    make_member(program, "+79261234567", name="Борис Котов")
    till = Till(program)

    till.enter("4567")

    assert till.receipt is None
    assert re.findall(r'class="grow">([^<]*)</span>', till.html) == ["Анна Ё.", "Борис К."]
    assert "916" not in till.html

    till.enter(do=f"pick:{anna}")
    assert (till.receipt.member_id, till.receipt.how) == (anna, How.TAIL)


def test_more_than_five_of_one_end_are_not_shown(program):
    for number in range(6):
        make_member(program, f"+7916{number}124567", name=f"Имя{number}")
    till = Till(program)

    till.enter("4567")

    assert "Имя" not in till.html
    assert till.problem


def test_unknown_phone_offers_to_enrol(program):
    till = Till(program)

    till.enter("8 916 765 43 21")

    assert 'form="enrol-form" name="phone" value="+79167654321"' in till.html
    assert till.answer.headers["HX-Trigger"] == '{"till": {"clear": false, "halt": true, "sound": "wrong"}}'


def test_without_a_card_digits_are_an_amount(program):
    till = Till(program)
    till.enter(do="nobody")

    till.enter("4567")
    till.enter()

    assert sales(program) == [("1-000001", None, 456700, 456700, "01", "till:1")]


def test_lines_from_the_catalogue(program):
    latte = NewArticle("LATTE", "Латте", price=240_0000, barcode="4600000000017", category="drinks")
    beans = NewArticle("BEANS", "Зёрна", price=1000_0000)
    for one in (latte, beans):
        save_article(program_id=program.id, article=one, by=SYSTEM_ACTOR, at=NOON)
    make_member(program)
    till = Till(program)

    assert "do=" not in till.html
    shown = till.client.get(till.path("catalogue/") + "?q=лат").content.decode()
    assert ("LATTE" in shown, "BEANS" in shown) == (True, False)

    till.enter("4600000000017")
    till.enter("2*4600000000017")
    till.enter(do="add:BEANS")
    till.enter(**{"quantity-1": "0,25", "quantity-0": "3"})
    till.enter("+79161234567")
    assert [(line.sku, line.quantity) for line in till.receipt.document.lines] == [("LATTE", 3000), ("BEANS", 250)]

    till.enter(do="line-less:0")
    till.enter(do="line-more:0")
    till.enter(do="line-drop:1")
    till.enter("10,00")
    till.enter()

    assert sales(program)[-1][2] == 3 * 24000 + 1000


def test_escape_takes_one_step_back_at_a_time(program):
    anna = make_member(program)
    buy(program.id, anna, "1000", at=timezone.now())
    till = Till(program)
    till.enter("+79161234567")
    till.enter("100", do="all")

    till.enter(do="back")
    assert till.receipt.document.spend is Spend.NONE
    till.enter(do="back")
    assert till.receipt.document.amount_minor is None
    till.enter(do="back")
    assert till.receipt.member_id is None
    number = till.receipt.number
    till.enter(do="back")
    assert till.receipt.number == number


def test_number_of_the_paper_receipt_becomes_the_receipts_own(program):
    make_member(program)
    till = Till(program)
    till.enter("+79161234567")
    till.enter("100")

    till.enter(paper="Ч-17")
    till.enter()
    assert sales(program)[0][0] == "Ч-17"

    till.enter("+79161234567")
    till.enter("200", paper="Ч-17")
    till.enter(paper="Ч-17")
    assert len(sales(program)) == 1
    assert till.problem


def test_own_card_is_served_by_a_colleague(program):
    olya = make_member(program)
    make_cashier(program, "07", name="Олег", person=olya)
    till = Till(program, "07")

    till.enter("+79161234567")

    assert till.receipt is None
    assert till.problem


def test_training_books_nothing_and_says_so(program):
    make_member(program)
    till = Till(program, training=True)
    till.enter("+79161234567")
    till.enter("100")

    till.enter()

    assert "Учёба" in till.html or "Training" in till.html
    assert sales(program) == []


def test_kiosk_beside_names_the_member_of_the_open_receipt(program):
    anna = make_member(program, name="Анна Ёлкина")
    till = Till(program)
    let_in(program, KIOSK, name="Киоск", beside=till.enrolled.device.id)

    assert till.client.get(till.path("look/"), headers=HTMX).status_code == 204
    name_member(
        program_id=program.id, device_id=till.enrolled.device.id, member_id=anna, how=How.KIOSK, at=timezone.now()
    )

    noticed = till.client.get(till.path("look/"), headers=HTMX)
    assert "Анна Ёлкина" in noticed.content.decode()
    since = till.receipt.changed_at.isoformat()
    assert till.client.get(till.path("look/"), {"since": since}, headers=HTMX).status_code == 204


def test_amount_being_typed_is_priced_and_not_kept(program):
    make_member(program)
    till = Till(program)
    till.enter("+79161234567")

    shown = till.client.post(till.path("quote/"), {"text": "1000"}, headers=HTMX).content.decode()

    assert "is-trial" in shown
    assert "100" in shown
    assert till.receipt.document.amount_minor is None
    assert till.client.post(till.path("quote/"), {"text": "abc"}, headers=HTMX).status_code == 204


def test_page_works_without_scripts(program):
    make_member(program)
    till = Till(program)

    named = till.client.post(till.path("find/"), {"text": "+79161234567"})
    assert (named.status_code, named.url) == (302, "/till/lavka/")
    wrong = till.client.post(till.path("find/"), {"text": "ничего такого"})
    assert 'value="ничего такого"' in wrong.content.decode()
    till.client.post(till.path("find/"), {"text": "100"})
    till.html = till.client.get(till.path()).content.decode()
    sold = till.client.post(till.path("confirm/"), till.hidden())

    page = till.client.get(sold.url).content.decode()
    assert "1-000001" in page
    assert len(sales(program)) == 1


def test_price_that_changed_meanwhile_is_told_and_not_booked(program):
    anna = make_member(program)
    buy(program.id, anna, "1000", at=timezone.now())
    till = Till(program)
    till.enter("+79161234567")
    till.enter("100")
    shown = till.hidden() | {"seen_paid": "9999"}

    answer = till.client.post(till.path("find/"), {**shown, "text": ""}, headers=HTMX).content.decode()

    assert "99,99" in answer
    assert len(sales(program)) == 1


def test_two_tills_at_once_cannot_pay_with_one_balance(program):
    anna = make_member(program)
    buy(program.id, anna, "1000", at=timezone.now())
    first, second = Till(program), Till(program)
    for till in (first, second):
        till.enter("+79161234567")
        till.enter("200", do="all")

    first.enter()
    second.enter()

    assert "data-done" in first.html
    assert "data-done" not in second.html
    assert second.problem
    assert len(sales(program)) == 2


def test_browsing_customers_is_slowed_and_told_to_the_manager(program):
    make_manager(program)
    till = Till(program)
    for number in range(30):
        till.enter(f"+791600000{number:02}")

    till.enter("+79160000099")

    assert re.fullmatch(
        r"Поисков покупателей намного больше, чем продаж: следующий — через \d+ секунд[уы]?\.", till.problem
    )
    with transaction.atomic():
        enter_program(program.id)
        assert AuditRecord.objects.of(program.id).filter(act="many_look_ups").count() == 1
    manager = Till(program, "02", pin="9073")
    assert "Оля" in manager.html


def test_receipt_shows_its_slip_and_is_undone_with_a_reason(program):
    anna = make_member(program)
    till = Till(program)
    till.enter("+79161234567")
    till.enter("100")
    till.enter()
    place = re.search(r'href="(/till/lavka/receipt/[^"]+/)undo/"', till.html)[1]

    page = till.client.get(place).content.decode()
    assert "Начислено: 10" in page

    nothing = till.client.post(place + "undo/", {"why": "other", "words": " "})
    assert nothing.status_code == 422
    assert wallet(program.id, anna)[0] == 10

    done = till.client.post(place + "undo/", {"why": "customer", "words": "соседка"})
    assert done.status_code == 302
    again = till.client.post(place + "undo/", {"why": "customer", "words": "соседка"})
    assert again.status_code == 302
    assert wallet(program.id, anna)[0] == 0
    with transaction.atomic():
        enter_program(program.id)
        told = AuditRecord.objects.of(program.id).filter(act="sale_undone").values_list("reason", flat=True)
        assert [one.endswith("соседка") for one in told] == [True]


def test_sign_in_is_asked_for_when_nobody_works_here(program):
    till = Till(program)
    till.client.cookies.clear()

    assert till.client.get(till.path()).status_code == 302


def test_old_purchases_wake_the_question_for_a_proof(program):
    anna = make_member(program)
    long_ago = timezone.now() - timedelta(days=200)
    buy(program.id, anna, "1000", at=long_ago)
    till = Till(program)
    till.enter("+79161234567")

    till.enter("100", do="all")

    assert till.ask == "Код или PIN покупателя"


def test_what_the_program_wants_said_is_read_out_s2_23():
    prompt = "  tea: {discount: {percent: 5}, prompt: {ru: Предложите чай, en: Offer tea}}\n"
    program = make_program("slova", rulebook=RULES + prompt)
    make_cashier(program)
    make_member(program)
    till = Till(program)

    till.enter("+79161234567")
    till.enter("100")

    assert "Предложите чай" in till.html
    assert "−5,00" in till.html


def test_gift_that_waits_is_seen_by_the_cashier_s4_39():
    packs = "  packs: {name: Пакетики, gift: WHISKAS-85}\nspending:\n"
    rules = RULES.replace("spending:\n", packs).replace("percent: 10}", "percent: 10, in: bonus}")
    program = make_program("usy", rulebook=rules)
    make_cashier(program)
    anna = make_member(program)
    given = AdjustRequest(anna, "packs", 5, "кошке 18 лет", SYSTEM_ACTOR, timezone.now())
    adjust_points(program_id=program.id, request=given)
    till = Till(program)

    till.enter("+79161234567")
    assert "Положен подарок: WHISKAS-85" in till.html

    till.enter("100")
    assert "Ждёт подарок: Пакетики" in till.html


def test_wrong_code_says_where_a_fresh_one_stands_and_books_nothing(strict):
    anna = make_member(strict)
    buy(strict.id, anna, "1000", at=timezone.now())
    till = Till(strict)
    till.enter("+79161234567")
    till.enter("100")
    till.enter(do="all")

    till.enter("123456")

    assert till.problem == "Код не подошёл. Пусть покупатель откроет карту: код на ней меняется каждые 30 секунд."
    assert len(sales(strict)) == 1


def test_coupon_that_does_nothing_says_why():
    hello = """promotions:
  hello: {name: Привет, coupon: flyer, when: {total: {at_least: "500.00"}}, discount: {percent: 10}}"""
    program = make_program(rulebook=FREE_RULES.replace("promotions:", hello) + "coupons: {flyer: {words: [TEA]}}\n")
    make_cashier(program)
    make_member(program)
    till = Till(program)
    till.enter("+79161234567")
    till.enter("TEA")

    page = till.enter("300")

    assert "Купон «TEA» не сработал: Акция «Привет»: не выполнено условие «сумма чека»" in page


def test_text_in_the_field_is_taken_before_a_click_sells(program):
    make_member(program, name="Анна Ёлкина")
    till = Till(program)
    till.enter("*", do="nobody")
    till.enter("100")

    answer = till.client.post(till.path("confirm/"), {**till.hidden(), "text": "+79161234567"}, headers=HTMX)

    assert "Анна Ёлкина" in answer.content.decode()
    assert sales(program) == []


def test_gift_on_the_receipt_is_called_by_its_name():
    shop = make_program(rulebook=WITH_GIFTS)
    make_cashier(shop)
    anna = make_member(shop)
    give_points(shop, anna, 300)
    asked = ChooseRequest(anna, "mug", SYSTEM_ACTOR, timezone.now())
    code = choose_gift(program_id=shop.id, request=asked).code
    till = Till(shop)
    till.enter("+79161234567")

    page = " ".join(re.sub("<[^>]+>", " ", till.enter(code)).split())

    assert f"Кружка {code}" in page
