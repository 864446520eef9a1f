"""A demo program for the first start: a made-up coffee shop that shows everything there is, with made-up members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zoneinfo import ZoneInfo

from kopilka.bookkeeping.answers import Answer
from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import ADMIN, SYSTEM_ACTOR
from kopilka.engine.consents import Given
from kopilka.engine.money import line_amount
from kopilka.engine.receipt import Line, Receipt
from kopilka.engine.refusal import Refusal
from kopilka.queries.programs import ProgramView
from kopilka.services.access import create_key
from kopilka.services.articles import save_article
from kopilka.services.automations.moments import plan_moments
from kopilka.services.beneficiaries import NewBeneficiary, add_beneficiary
from kopilka.services.chats import write_to_member, write_to_shop
from kopilka.services.coupon_batches import issue_codes
from kopilka.services.coupons import bind_coupon
from kopilka.services.deeds import do_due_deeds
from kopilka.services.demo_content import (
    ABOUT,
    ARTICLES,
    CHAT,
    COLOUR,
    COUPON,
    GIFTS,
    PEOPLE,
    PHONE_OF_ANNA,
    POSTS,
    SLOGAN,
    SOLD,
    STAFF,
    Person,
)
from kopilka.services.demo_pictures import logo, picture_of
from kopilka.services.members import enrol_member
from kopilka.services.outbox import handle_events
from kopilka.services.page_settings import PageChange, change_pages
from kopilka.services.pictures import draw_anew, keep_picture
from kopilka.services.posts import NewMedia, add_post
from kopilka.services.profiles import MemberFacts
from kopilka.services.programs import add_branch, create_program, publish_rulebook
from kopilka.services.purchases import MemberRef, PurchaseRequest, RefKind, confirm_purchases
from kopilka.services.referral import issue_referral_code
from kopilka.services.staff_access import give_access

SLUG = "demo"
RULEBOOK = Path(__file__).with_name("demo.yaml")
COUPONS = 20
GIFT_SIDE = 600
"""Pixels; a gift's picture is drawn twice as large, which smooths its edges."""
AGE = 30
FRIENDS = {2, 3}
"""Numbers of the members whom the first one has invited."""
CONSENTS = (Given("terms"), Given("privacy"), Given("ads", "push"))


@dataclass(frozen=True, slots=True)
class Demo:
    """`api_key` is shown once: it is stored nowhere."""

    program_slug: str
    api_key: str


def create_demo_program(*, at: datetime) -> Demo:
    """The program `demo`: rules, branches, staff, articles, members with a history, news; a key with usual rights."""
    program = create_program(slug=SLUG, name="Кофейня «Копилка»", is_demo=True, by=SYSTEM_ACTOR, at=at)
    publish_rulebook(program_id=program.id, source=RULEBOOK.read_text(encoding="utf-8"), by=SYSTEM_ACTOR, at=at)
    for code, name, tills in (("centre", "Центр", ("k1", "k2")), ("station", "Вокзал", ("k3",))):
        add_branch(program_id=program.id, code=code, name=name, tills=tills, by=SYSTEM_ACTOR, at=at)
    _open_shop(program, at)
    members = _enrol_all(program, at)
    _sell(program, members, at)
    _catch_up(program.id, at)
    _tell(program, members[0], at)
    key = create_key(
        program_id=program.id, name="demo", capabilities=ADMIN, till="k1", branch="centre", by=SYSTEM_ACTOR, at=at
    )
    return Demo(program.slug, key.plain)


def _open_shop(program: ProgramView, at: datetime) -> None:
    """Who sells, what is sold, how the pages look."""
    for code, name, role, pin in STAFF:
        new = NewBeneficiary("employee", code, name, "centre")
        add_beneficiary(program_id=program.id, new=new, asking=Asking(SYSTEM_ACTOR, at))
        give_access(program_id=program.id, employee_code=code, role=role, pin=pin, by=SYSTEM_ACTOR, at=at)
    for article in ARTICLES:
        save_article(program_id=program.id, article=article, by=SYSTEM_ACTOR, at=at)
    change = PageChange(
        accent=COLOUR, logo=logo(), slogan_ru=SLOGAN[0], slogan_en=SLOGAN[1], about_ru=ABOUT[0], about_en=ABOUT[1],
        phone="+7 900 000-00-00", address="Москва, Кофейный переулок, 7", hours="7:30–22:00",
    )  # fmt: skip
    change_pages(program_id=program.id, change=change, by=SYSTEM_ACTOR, at=at)
    for name in GIFTS:
        keep_picture(program.id, draw_anew(picture_of(name), side_max=GIFT_SIDE), stem=f"gift-{name}")


def _enrol_all(program: ProgramView, at: datetime) -> list[UUID]:
    """The first one has brought some of the others."""
    members: list[UUID] = []
    code = ""
    for number, person in enumerate(PEOPLE, start=1):
        members.append(_enrol(program, number, person, code if number in FRIENDS else "", at))
        if number == 1:
            asking = Asking(SYSTEM_ACTOR, at)
            code = issue_referral_code(program_id=program.id, member_id=members[0], asking=asking).code
    return members


def _enrol(program: ProgramView, number: int, person: Person, invited_by: str, at: datetime) -> UUID:
    enrolled = at - timedelta(days=60 - number)
    facts = MemberFacts(
        phone=f"+7 900 000-00-{number:02}", card=f"{1000 + number}", name=person.name, language="ru",
        gender=person.gender, birth_date=_born(program, number, person, at), invited_by=invited_by, door="till",
        answers={code: [Answer(value) for value in values] for code, values in person.answers.items()},
        consents=CONSENTS, evidence="made up",
    )  # fmt: skip
    return enrol_member(program_id=program.id, facts=facts, request=NO_KEY, by=SYSTEM_ACTOR, at=enrolled).member.id


def _born(program: ProgramView, number: int, person: Person, at: datetime) -> date | None:
    if person.born_in is None:
        return None
    today = at.astimezone(ZoneInfo(program.timezone)).date()
    day = today + timedelta(days=person.born_in)
    return day.replace(year=today.year - AGE - number, day=min(day.day, 28))


def _sell(program: ProgramView, members: list[UUID], at: datetime) -> None:
    """Everybody bought on several days; those further up the list bought more."""
    sales = [
        (days, place, member_id)
        for place, member_id in enumerate(members)
        for days in range(2 + place % 3, 40, 4 + place)
    ]
    requests = [
        _purchase(number, member_id, at - timedelta(days=days, hours=place), lines=1 + (days + place) % 3)
        for number, (days, place, member_id) in enumerate(sorted(sales, key=lambda sale: (-sale[0], sale[1])), start=1)
    ]
    for done in confirm_purchases(program_id=program.id, requests=requests):
        if isinstance(done, Refusal):
            raise done


def _purchase(number: int, member_id: UUID, at: datetime, lines: int) -> PurchaseRequest:
    bought = tuple(_line(place, number) for place in range(1, lines + 1))
    return PurchaseRequest(
        source="till:k1",
        external_id=f"demo-{number}",
        by=SYSTEM_ACTOR,
        at=at,
        receipt=Receipt(bought, at, branch="centre", till="k1", staff=STAFF[number % len(STAFF)][0]),
        member=MemberRef(RefKind.ID, str(member_id)),
    )


def _line(place: int, number: int) -> Line:
    sku, name, category, price = SOLD[(place + number) % len(SOLD)]
    return Line(place, sku, 1_000, price, line_amount(price, 1_000), name=name, category=category)


def _catch_up(program_id: UUID, at: datetime) -> None:
    """What the worker would do in its first turns: welcomes, thanks, staff's shares, full cards, birthdays."""
    plan_moments(program_id=program_id, at=at)
    handle_events(program_id=program_id, at=at)
    do_due_deeds(program_id=program_id, at=at)


def _tell(program: ProgramView, anna: UUID, at: datetime) -> None:
    """Coupons, news and a chat."""
    asking = Asking(SYSTEM_ACTOR, at)
    issue_codes(program_id=program.id, coupon=COUPON, count=COUPONS, asking=asking)
    bind_coupon(program_id=program.id, word=COUPON, phone=PHONE_OF_ANNA, asking=asking)
    with TemporaryDirectory() as folder:
        for ago, (title, text, drawn, alt) in zip((9, 2), POSTS, strict=True):
            place = Path(folder) / f"{drawn}.png"
            place.write_bytes(picture_of(drawn))
            add_post(
                program_id=program.id, title=title, text=text, media=[NewMedia(place, alt)],
                published_at=at - timedelta(days=ago), by=SYSTEM_ACTOR, at=at,
            )  # fmt: skip
    for turn, (author, text) in enumerate(CHAT):
        said = at - timedelta(hours=3 - turn)
        if author == "member":
            write_to_shop(program_id=program.id, member_id=anna, text=text, by=SYSTEM_ACTOR, at=said)
        else:
            write_to_member(
                program_id=program.id, member_id=anna, text=text, staff=STAFF[1][1], by=SYSTEM_ACTOR, at=said
            )
