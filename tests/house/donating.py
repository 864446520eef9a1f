"""Run in a process where the package of test_extensions is installed: its action on a database of its own.

Prints one line of JSON: how deeds ended, what members have left, how the entry is explained, what documents say.
"""

import json
import sys

from django.core.management import call_command
from django.db import transaction

from kopilka.bookkeeping.events import EventKind
from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.deeds import Deed
from kopilka.data.models.ledger import LedgerEntry
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.document.schema import rulebook_schema
from kopilka.services.explaining import explain
from kopilka.services.explanations import explain_entry
from kopilka.wording.languages import Language
from tests.factories import make_member, make_program
from tests.services.automations.town import happen, live, points, rules
from tests.tills import books_agree, rows

RULES = rules("""
welcome: {event: enrolled, grant: {points: 50}}
shelter: {name: Корм приюту, event: {custom: feeding}, acme.donate: {points: 30, in: bonus}}
""")
WRONG = ("acme.donate: {points: 30}", "acme.donate: {points: 30, in: stars}", "send: hello, acme.donat: {}")


def problems() -> list[tuple[str, str]]:
    right = "acme.donate: {points: 30, in: bonus}"
    found = [one for wrong in WRONG for one in read_source(RULES.replace(right, wrong)).problems]
    return [(one.path, one.code) for one in found if one.is_error]


def entry_taken(program) -> object:
    with transaction.atomic():
        enter_program(program.id)
        found = LedgerEntry.objects.of(program.id).filter(units=-30, wallet__isnull=False)
        return found.values_list("id", flat=True).get()


def main() -> None:
    call_command("migrate", verbosity=0)
    program = make_program(rulebook=RULES)
    member = make_member(program)
    live(program.id)
    for _ in range(2):
        happen(program.id, EventKind.CUSTOM, member, name="feeding")
        live(program.id)
    entry = explain_entry(program_id=program.id, entry_id=entry_taken(program), by=SYSTEM_ACTOR)
    with transaction.atomic():
        enter_program(program.id)
        rulebook = load_rulebook(program.id)[1]
    told = {
        "deeds": rows(program.id, Deed, "rule", "state", "told"),
        "points": points(program.id, member),
        "books": books_agree(program.id),
        "ru": explain(entry, rulebook, Language.RU),
        "en": explain(entry, rulebook, Language.EN),
        "schema": rulebook_schema()["$defs"]["acme_donate"]["description"],
        "problems": problems(),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False))
