"""A whole training session over all acts of the till leaves nothing behind (S0.18)."""

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.club import GoodsRequest
from kopilka.data.models.coupons import CouponCode
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.coupon_batches import issue_codes
from kopilka.services.gifts import ChooseRequest, choose_gift
from tests.factories import make_member
from tests.till.desk import at_counter, give_points, make_shop, text_of
from tests.tills import buy, rows

pytestmark = pytest.mark.django_db(transaction=True)

OF_THE_DOOR = {"OpenReceipt", "LookUpHour", "StaffSession"}
"""What is being typed, and how often somebody looked: no books."""
TOLD = "ничего не записано"
TICKED = {"consent_terms": "on", "consent_privacy": "on"}


@pytest.fixture
def shop():
    return make_shop()


def counted(shop) -> dict[str, int]:
    """Rows of every table of the program."""
    with transaction.atomic():
        enter_program(shop.id)
        return {
            model.__name__: model.objects.of(shop.id).count()
            for model in apps.get_app_config("kopilka").get_models()
            if hasattr(model.objects, "of") and model.__name__ not in OF_THE_DOOR
        }


def test_training_session_over_all_acts_books_nothing_s0_18(shop):
    member_id = make_member(shop)
    give_points(shop, member_id, 300)
    give_points(shop, member_id, 5, "packs")
    now = timezone.now()
    bought = buy(shop.id, member_id, "100", at=now)
    claim = choose_gift(program_id=shop.id, request=ChooseRequest(member_id, "cake", SYSTEM_ACTOR, now))
    issue_codes(program_id=shop.id, coupon="spring", count=1, asking=Asking(SYSTEM_ACTOR, now))
    ((word,),) = rows(shop.id, CouponCode, "word")
    asked = {"phone": "+79161234567", "article": "Чай", "quantity": "1"}
    at_counter(shop, till="k2").post("/till/lavka/request/", asked)
    ((request_id,),) = rows(shop.id, GoodsRequest, "id")
    till = at_counter(shop, training=True)
    before = counted(shop)

    acts = [
        till.post("/till/lavka/enrol/", {"phone": "+79990000001", **TICKED, "step": "agree"}),
        till.post("/till/lavka/enrol/", {"phone": "+79990000001", "step": "own-phone"}),
        till.post(f"/till/lavka/gift/{claim.claim_id}/"),
        till.post(f"/till/lavka/member/{member_id}/due/packs/", {"pieces": "5"}),
        till.post("/till/lavka/coupon/", {"code": word, "phone": "+79161234567"}),
        till.post("/till/lavka/request/", {**asked, "article": "Кофе"}),
        till.post("/till/lavka/request/arrived/", {"sku": "Чай", "step": "yes"}),
        till.post(f"/till/lavka/request/{request_id}/withdraw/"),
        till.post(f"/till/lavka/return/of/{bought.purchase_id}/", {"line_1": "1", "reason": "defect"}),
    ]
    till.post(f"/till/lavka/member/{member_id}/pick/")
    looks = ["", "shift/", "my-points/", f"member/{member_id}/", f"purchase/{bought.purchase_id}/"]
    pages = [till.get(f"/till/lavka/{page}") for page in looks]

    assert [TOLD in text_of(one) for one in acts] == [True] * len(acts)
    assert all("Учёба" in text_of(one) for one in pages)
    assert counted(shop) == before


def test_control_outside_training_the_same_acts_are_booked(shop):
    till = at_counter(shop)
    before = counted(shop)

    till.post("/till/lavka/enrol/", {"phone": "+79990000001", **TICKED, "step": "agree"})

    assert counted(shop) != before
