"""What one rulebook says in one language, made once, and the texts of JSON that answers are put together from.

A purchase's answer is 6 KB that mostly repeat: what stands before and after its figures is kept as bytes, escaped once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from kopilka.api.answers import encode
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE
from kopilka.engine.rulebook import Rulebook
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import PointsWords, Vocabulary, vocabulary_of

RULEBOOKS_MAX = 256
TEXTS_MAX = 20_000

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class DiscountParts:
    """A step about a discount: JSON before the number of its line, and from there to the sum."""

    before_line: bytes
    before_sum: bytes


@dataclass(slots=True)
class EarningParts:
    """A step about points: JSON before the number of its line, then `EarningWords` as JSON.

    Money that the points were counted on stands between `begun` and `by`; `has_base`: it is named at all. `of_fraction`
    stands behind a number of points that is not whole; `said`: what was said of whole ones.
    """

    before_line: bytes
    alone: bytes
    begun: bytes
    by: bytes
    has_base: bool
    currency: PointsWords
    of_fraction: bytes
    said: dict[int, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class MoneyParts:
    """`MoneyWords` as JSON."""

    before: bytes
    ends: list[bytes]


@dataclass(slots=True)
class Told:
    """`names` of promotions, `decimals` of currencies; `step`: parts of a price (1/10,000 of the unit) in a minor unit.

    The rest is kept JSON: `money` in parts; `discounts` and `points` of lines up to their figure, by promotion and
    currency; `discount_steps`, `earning_steps` of a trace in parts; beginnings of `other_steps` with figures; `steps`
    that hold no figure, whole: of fifty rules some forty did nothing, and say so in the same bytes every time.
    """

    words: Vocabulary
    money: MoneyParts
    names: dict[str, str]
    decimals: dict[str, int]
    step: int
    discounts: dict[str, bytes] = field(default_factory=dict)
    points: dict[str, bytes] = field(default_factory=dict)
    discount_steps: dict[str, DiscountParts] = field(default_factory=dict)
    earning_steps: dict[tuple[str, str], EarningParts] = field(default_factory=dict)
    other_steps: dict[tuple[str, str], bytes] = field(default_factory=dict)
    steps: dict[tuple[str, str, str, int], bytes] = field(default_factory=dict)


def told_by(rulebook: Rulebook, language: Language) -> Told:
    """Made once per fingerprint and language; a rulebook itself is no key."""
    key = (rulebook.fingerprint, language)
    known = _made.get(key)
    if known is None:
        if len(_made) >= RULEBOOKS_MAX:
            _made.clear()
        known = _made[key] = _make(rulebook, language)
    return known


def _make(rulebook: Rulebook, language: Language) -> Told:
    words = vocabulary_of(rulebook, language)
    return Told(
        words=words,
        money=MoneyParts(inside(words.sums.before), [inside(end) for end in words.sums.ends]),
        names={code: promotion.name for code, promotion in words.promotions.items()},
        decimals={code: currency.decimals for code, currency in rulebook.points.items()},
        step=PRICE_SCALE // int(10**rulebook.digits),
    )


def inside(text: str) -> bytes:
    """A text as JSON without its quotation marks: to stand within a longer one."""
    return encode(text)[1:-1]


def text_json(text: str) -> bytes:
    """A text as JSON: names and articles of goods, which come again with every receipt."""
    known = _texts.get(text)
    return kept(_texts, text, encode(text)) if known is None else known


def money_json(minor: int, told: Told) -> bytes:
    """A sum, to stand within a text of JSON."""
    sums = told.words.sums
    if 0 <= minor < sums.small:
        return b"%b%b%b" % (told.money.before, number(minor // sums.scale), told.money.ends[minor % sums.scale])
    return inside(sums.show(minor))


def number(figure: int) -> bytes:
    """A figure as JSON."""
    return _SMALL[figure] if 0 <= figure < _SMALL_COUNT else str(figure).encode()


def decimal_json(figure: int, digits: int, scale: int) -> bytes:
    """`decimal_text` as JSON; most are small and whole."""
    whole, part = figure // scale, figure % scale
    return _SMALL_TEXTS[whole] if not part and 0 <= whole < _SMALL_COUNT else encode(decimal_text(figure, digits))


def decimal_text(figure: int, digits: int) -> str:
    """1500 of 3 digits is "1.5"; only the digits it needs."""
    scale = QUANTITY_SCALE if digits == 3 else int(10**digits)  # noqa: PLR2004 - thousandths, the common case
    whole, part = divmod(abs(figure), scale)
    sign = "-" if figure < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}".rstrip("0") if part else f"{sign}{whole}"


def quantity_text(thousandths: int) -> str:
    return decimal_text(thousandths, 3)


def percent_text(hundredths: int | None) -> str | None:
    return None if hundredths is None else decimal_text(hundredths, 2)


def kept(place: dict[K, V], key: K, made: V) -> V:
    """`made`, kept; a full place is emptied first."""
    if len(place) >= TEXTS_MAX:
        place.clear()
    place[key] = made
    return made


_SMALL_COUNT = 100
_SMALL: list[bytes] = [str(figure).encode() for figure in range(_SMALL_COUNT)]
_SMALL_TEXTS: list[bytes] = [b'"%b"' % (figure,) for figure in _SMALL]
_made: dict[tuple[str, Language], Told] = {}
_texts: dict[str, bytes] = {}
