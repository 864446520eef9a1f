"""Lines of a decision, as sold and as printed, as ready JSON: they are half of an answer.

Byte for byte what `LineOut` and `FiscalLineOut` would be encoded to, at half the cost; a test decodes them as that,
strictly.
"""

from __future__ import annotations

from kopilka.api.answers import encode
from kopilka.api.told import Told, decimal_json, kept, number, text_json
from kopilka.engine.decision import Decision, FiscalLine, PricedLine
from kopilka.engine.money import QUANTITY_SCALE

PERCENT_SCALE = 100


def lines_json(decision: Decision, told: Told) -> tuple[bytes, bytes]:
    """Lines as sold, lines as printed. One that is printed as it was sold names its goods in the same bytes."""
    sold: list[bytes] = []
    printed: list[bytes] = []
    goods: list[bytes] = []
    lots = [lot.currency for lot in decision.lots]
    for line in decision.lines:
        named = _goods(line.number, line.sku, line.name, line.quantity)
        goods.append(named)
        sold.append(_sold(line, named, lots, told))
    for index, part in enumerate(decision.fiscal):
        if index < len(goods) and _is_same(decision.lines[index], part):
            named = goods[index]
        else:
            named = _goods(part.line, part.sku, part.name, part.quantity)
        printed.append(_printed(part, named))
    return b"[%b]" % (b",".join(sold),), b"[%b]" % (b",".join(printed),)


def _is_same(line: PricedLine, part: FiscalLine) -> bool:
    return (
        part.line == line.number and part.quantity == line.quantity and part.sku == line.sku and part.name == line.name
    )


def _goods(number_: int, sku: str, name: str, quantity: int) -> bytes:
    return b'{"line":%b,"sku":%b,"name":%b,"quantity":%b,"price":' % (
        number(number_), text_json(sku), text_json(name), decimal_json(quantity, 3, QUANTITY_SCALE),
    )  # fmt: skip


def _sold(line: PricedLine, goods: bytes, lots: list[str], told: Told) -> bytes:
    step = told.step
    price = _minor_price(line.price, step) if line.price % step else line.price // step
    net = number(line.net)
    return (
        b'%b%b,"amount_minor":%b,"manual_discount_minor":%b,"discounts":[%b],"net_minor":%b,"points_minor":%b,'
        b'"paid_minor":%b,"vat":%b,"gift":%b,"spent":[%b],"earned":[%b]}'
    ) % (
        goods, number(price), number(line.amount), number(line.manual), _discounts(line, told), net,
        number(line.points), net if line.paid == line.net else number(line.paid), _vat(line.vat),
        b"true" if line.gift else b"false", _spent(line, told) if line.spent else b"", _earned(line, lots, told),
    )  # fmt: skip


def _printed(line: FiscalLine, goods: bytes) -> bytes:
    price = number(line.price)
    return b'%b%b,"total_minor":%b,"counter_provision_minor":%b,"vat":%b,"gift":%b}' % (
        goods, price, price if line.total == line.price else number(line.total), number(line.counter),
        _vat(line.vat), b"true" if line.gift else b"false",
    )  # fmt: skip


def _discounts(line: PricedLine, told: Told) -> bytes:
    said: list[bytes] = []
    for code, minor in line.discounts:
        begun = told.discounts.get(code)
        if begun is None:
            begun = kept(told.discounts, code, _discount_begun(code, told))
        said.append(b"%b%b}" % (begun, number(minor)))
    return said[0] if len(said) == 1 else b",".join(said)


def _discount_begun(code: str, told: Told) -> bytes:
    name = told.names.get(code) or told.words.promotion(code).name
    return b'{"promotion":%b,"name":%b,"amount_minor":' % (encode(code), encode(name))


def _spent(line: PricedLine, told: Told) -> bytes:
    return b",".join([_points(code, units, told) for code, units in line.spent.items()])


def _earned(line: PricedLine, lots: list[str], told: Told) -> bytes:
    said: list[bytes] = []
    for index, units in line.earned.items():
        said.append(_points(lots[index], units, told))
    return said[0] if len(said) == 1 else b",".join(said)


def _points(currency: str, units: int, told: Told) -> bytes:
    begun = told.points.get(currency)
    if begun is None:
        begun = kept(told.points, currency, _points_begun(currency, told))
    return b"%b%b}" % (begun, number(units))


def _points_begun(currency: str, told: Told) -> bytes:
    decimals = number(told.decimals.get(currency, 0))
    return b'{"currency":%b,"decimals":%b,"points":' % (encode(currency), decimals)


def _minor_price(price: int, step: int) -> int:
    """A price in minor units; what an import booked finer is rounded half up."""
    return (2 * price + step) // (2 * step)


def _vat(hundredths: int | None) -> bytes:
    return b"null" if hundredths is None else decimal_json(hundredths, 2, PERCENT_SCALE)
