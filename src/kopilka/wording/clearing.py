"""An act of clearing between partners as people keep it: a table to compute with (CSV), a page to print (HTML)."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from io import StringIO

from kopilka.engine.clearing import Clearing
from kopilka.engine.rulebook import Rulebook
from kopilka.wording.amounts import moment, money_in
from kopilka.wording.languages import Language

_HEADS = {
    Language.RU: ("Выпустил", "Принял", "Баллы", "Количество", "Оплачено", "Комиссия", "К перечислению"),
    Language.EN: ("Issued by", "Taken by", "Points", "Quantity", "Paid", "Fee", "Owed"),
}
_PAYMENTS = {Language.RU: ("Плательщик", "Получатель", "Сумма"), Language.EN: ("Payer", "Payee", "Amount")}


@dataclass(frozen=True, slots=True)
class ActHead:
    """What stands above the table: `number` of the act, the period it closes, when it was made and by whom."""

    number: int
    since: datetime | None
    until: datetime
    made_at: datetime
    made_by: str


def act_csv(clearing: Clearing, rulebook: Rulebook, language: Language) -> str:
    """One row for each issuer, acceptor and kind of points, then one for each payment; amounts in whole minor units."""
    names = partner_names(rulebook, language)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEADS[language])
    for line in clearing.lines:
        writer.writerow(
            (
                _plain(names[line.issuer]), _plain(names[line.acceptor]), line.currency, line.units, line.minor,
                line.fee_minor, line.owed_minor,
            )
        )  # fmt: skip
    writer.writerow(())
    writer.writerow(_PAYMENTS[language])
    for payment in clearing.payments:
        writer.writerow((_plain(names[payment.payer]), _plain(names[payment.payee]), payment.minor))
    return text.getvalue()


def act_html(head: ActHead, clearing: Clearing, rulebook: Rulebook, language: Language) -> str:
    """A page without anything from outside, to be printed and signed by both sides."""
    names = partner_names(rulebook, language)
    money = money_in(rulebook.currency, rulebook.digits, language)
    russian = language is Language.RU
    lines = [
        (
            names[line.issuer], names[line.acceptor], _currency(rulebook, line.currency, language),
            str(line.units), money(line.minor), money(line.fee_minor), money(line.owed_minor),
        )
        for line in clearing.lines
    ]  # fmt: skip
    payments = [(names[one.payer], names[one.payee], money(one.minor)) for one in clearing.payments]
    title = f"Акт взаиморасчётов № {head.number}" if russian else f"Clearing act no. {head.number}"
    nothing = "Никто никому не должен." if russian else "Nobody owes anybody anything."
    signed = "Подписи сторон" if russian else "Signatures"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(rulebook.name)}. {escape(_period(head, rulebook.zone, language))}</p>",
        _table(_HEADS[language], lines),
        _table(_PAYMENTS[language], payments) if payments else f"<p>{nothing}</p>",
        f"<p>{signed}: ____________________ ____________________</p>",
    ]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{language.value}">\n<head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def partner_names(rulebook: Rulebook, language: Language) -> Mapping[str, str]:
    """What partners are called; the owner of the program has the program's own name, somebody gone his code."""
    russian = language is Language.RU
    said = {
        code: ((one.name_ru if russian else one.name_en) or one.name_ru or one.name_en or code)
        for code, one in rulebook.mechanics.partners.items()
    }
    return _Names(said | {"": rulebook.name})


class _Names(dict[str, str]):
    def __missing__(self, code: str) -> str:
        return code


def _currency(rulebook: Rulebook, code: str, language: Language) -> str:
    said = rulebook.points.get(code)
    if said is None:
        return code
    return (said.name_ru if language is Language.RU else said.name_en) or said.name_ru or said.name_en or code


def _period(head: ActHead, zone: tzinfo, language: Language) -> str:
    until, made = moment(head.until, zone, language), moment(head.made_at, zone, language)
    if language is Language.RU:
        begun = f"с {moment(head.since, zone, language)} " if head.since else ""
        return f"За время {begun}до {until}. Составлен {made}, {head.made_by}."
    begun = f"from {moment(head.since, zone, language)} " if head.since else ""
    return f"For the time {begun}until {until}. Made {made} by {head.made_by}."


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table border="1">\n<tr>{head}</tr>\n{body}\n</table>'


def _plain(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in {"=", "+", "-", "@", "\t"} else name
