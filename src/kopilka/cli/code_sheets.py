"""Codes as files: a table, a folder of QR codes in one archive, a sheet to print."""

import csv
import html
import zipfile
from base64 import b64decode
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

import segno

from kopilka.queries.coupons import CodeView

PAGE = """\
<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title><style>
body{{font:11pt sans-serif;margin:10mm}} ul{{list-style:none;display:flex;flex-wrap:wrap;gap:4mm;padding:0}}
li{{width:40mm;text-align:center;break-inside:avoid;border:1px dashed #999;padding:2mm}} svg{{width:32mm;height:32mm}}
b{{display:block;font:bold 10pt monospace;overflow-wrap:anywhere}} @page{{size:A4;margin:8mm}}
</style><h1>{title}</h1><ul>
"""

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'

Count = Callable[[int], None]


def address_of(word: str, address: str) -> str:
    """What a QR code says: the word itself, or an address with the word in place of {word} or behind it."""
    if not address:
        return word
    safe = quote(word, safe="")
    return address.replace("{word}", safe) if "{word}" in address else address.rstrip("/") + "/" + safe


def write_table(codes: Iterable[CodeView], place: Path, *, address: str, count: Count) -> None:
    """A CSV with a header; a program that reads tables opens it as it is."""
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(["word", "coupon", "state", "issued_at", "valid_until", "link"])
        for number, code in enumerate(codes, 1):
            until = code.valid_until.isoformat() if code.valid_until else ""
            link = address_of(code.word, address) if address else ""
            table.writerow([code.word, code.coupon, code.state, code.issued_at.isoformat(), until, link])
            count(number)


def write_archive(codes: Iterable[CodeView], place: Path, *, address: str, kind: str, count: Count) -> None:
    """A zip of one picture for each code, `kind` svg or png."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, code in enumerate(codes, 1):
            drawn = segno.make(address_of(code.word, address), error="m", micro=False)
            if kind == "svg":
                picture = drawn.svg_inline(scale=8).replace("<svg ", f"<svg {NAMESPACE} ", 1).encode()
            else:
                picture = b64decode(drawn.png_data_uri(scale=8).partition(",")[2])
            archive.writestr(f"{code.word}.{kind}", picture)
            count(number)


def write_sheet(codes: Iterable[CodeView], place: Path, *, address: str, title: str, count: Count) -> None:
    """A page of pictures with their words under them, to be printed or saved as PDF by any browser."""
    with place.open("w", encoding="utf-8") as file:
        file.write(PAGE.format(title=html.escape(title), language="ru"))
        for number, code in enumerate(codes, 1):
            drawn = segno.make(address_of(code.word, address), error="m", micro=False)
            picture = drawn.svg_inline(scale=1, omitsize=True)
            file.write(f"<li>{picture}<b>{html.escape(code.word)}</b></li>\n")
            count(number)
        file.write("</ul></html>\n")
