"""The day of a till in figures, and what an employee sees of himself (S0.19)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from kopilka.engine.actor import TILL, Actor, ActorKind
from kopilka.queries.beneficiaries import beneficiary_view
from kopilka.services.purchases import PurchaseRequest, confirm_purchase
from kopilka.services.returns import return_purchase
from kopilka.services.undoing import undo_sale
from tests.counter import make_cashier
from tests.factories import make_member, make_program
from tests.till.desk import at_counter, give_points, make_shop, text_of
from tests.tills import RULES, by_id, receipt

pytestmark = pytest.mark.django_db(transaction=True)

MOSCOW = ZoneInfo("Europe/Moscow")
SHIFT, MINE = "/till/lavka/shift/", "/till/lavka/my-points/"


@pytest.fixture
def shop():
    return make_shop()


def at_till(shop, code="01", till="k1") -> Actor:
    return Actor(ActorKind.STAFF, beneficiary_view(shop.id, "employee", code).id, code, TILL, till=till)


def sell(shop, member_id, number, *, staff="01", till="k1", price="1000", spend=0, at=None):
    at = at or timezone.now()
    sold = receipt(("TEA", price, 1), at=at, till=till, staff=staff, spend=spend)
    return confirm_purchase(
        program_id=shop.id,
        request=PurchaseRequest(
            f"till:{till}", number, at_till(shop, staff, till), at, receipt=sold, member=by_id(member_id)
        ),
    )


def tiles(answer) -> str:
    return text_of(answer).replace("\xa0", " ").replace(" ,", ",")


def test_day_of_a_till_in_figures(shop):
    member_id = make_member(shop)
    give_points(shop, member_id, 100)
    sell(shop, member_id, "1", spend=100)
    sell(shop, None, "2", price="500")
    sell(shop, None, "3", till="k9", price="7000")
    back = sell(shop, member_id, "4", price="200")
    return_purchase(
        program_id=shop.id, purchase_id=back.purchase_id, lines=None, source="till:k1", external_id="r1",
        by=at_till(shop), at=timezone.now(), reason="Брак",
    )  # fmt: skip
    undone = sell(shop, None, "5", price="300")
    undo_sale(
        program_id=shop.id, purchase_id=undone.purchase_id, reason="ошибка", minutes=15, by=at_till(shop),
        at=timezone.now(),
    )  # fmt: skip

    text = tiles(at_counter(shop).get(SHIFT))

    assert "4 чека, с картой 2" in text
    assert "2 000,00 ₽ продано" in text
    assert "1 400,00 ₽ получено деньгами за вычетом возвратов" in text
    assert "+110 Бонусы: начислено" in text
    assert "−100 Бонусы: потратили покупатели" in text
    assert "1 возврат, 200,00 ₽" in text
    assert "1 отменённая продажа, 300,00 ₽" in text
    assert "Оля 4 2 000,00 ₽ 0" in text


def test_own_figures_leave_out_what_colleagues_did(shop):
    make_cashier(shop, "03", name="Вера")
    sell(shop, None, "1", price="500")
    sell(shop, None, "2", staff="03", price="700")

    text = tiles(at_counter(shop).get(f"{SHIFT}?whose=mine"))

    assert "500,00 ₽ продано" in text
    assert "Вера" not in text


def test_another_day_is_chosen_and_nonsense_is_today(shop):
    sell(shop, None, "1", at=timezone.now() - timedelta(days=1))
    till = at_counter(shop)
    yesterday = (timezone.localdate(timezone=MOSCOW) - timedelta(days=1)).isoformat()

    assert "1 чек" in tiles(till.get(f"{SHIFT}?day={yesterday}"))
    for nonsense in ("9999-12-31", "0001-01-01", "31.02.2026", "<b>", ""):
        assert till.get(f"{SHIFT}?day={nonsense}").status_code == 200
    assert "0 чеков" in tiles(till.get(f"{SHIFT}?day=9999-12-31"))


def test_empty_day_says_so(shop):
    assert "В этот день ещё ничего не продано." in tiles(at_counter(shop).get(SHIFT))


def test_enrolments_bring_the_employee_to_his_goal(shop):
    till = at_counter(shop)
    before = tiles(till.get(MINE))
    for number in range(3):
        till.post(
            "/till/lavka/enrol/",
            {"phone": f"+7916000000{number}", "consent_terms": "on", "consent_privacy": "on", "step": "agree"},
        )

    after = tiles(till.get(MINE))

    assert "осталось завести 3 карты" in before
    assert "1 000,00 ₽" in before
    assert "3 новых покупателя сегодня" in after
    assert "осталось завести" not in after
    assert ("Премия ваша" in before, "Премия ваша" in after) == (False, True)


def test_without_a_goal_the_page_says_what_comes():
    plain = make_program("plain", rulebook=RULES)
    make_cashier(plain)

    text = tiles(at_counter(plain).get("/till/plain/my-points/"))

    assert "Цель ещё не поставлена" in text
