"""What kinds of gift certificates a program sells."""

from __future__ import annotations

from dataclasses import dataclass

from kopilka.engine.period import Life


@dataclass(frozen=True, slots=True)
class CertificateKind:
    """A gift certificate that is sold: money paid beforehand. `values` in minor units (empty: any sum).

    Lines with these `skus` and the article kind certificate sell one for each piece. `top_up`: more money may be put
    on it; `refund`: what is left may be paid out; `pin`: four digits are asked of who pays with it.
    """

    code: str
    skus: tuple[str, ...]
    name_ru: str = ""
    name_en: str = ""
    values: tuple[int, ...] = ()
    life: Life = Life()
    top_up: bool = False
    refund: bool = True
    pin: bool = False
