"""`python -m tools.errors_page [--check]`: write docs/api/errors.md from the codes, their statuses and their sentences.

With --check nothing is written; the exit code says whether the page is what would be written.
"""

import argparse
import sys
from pathlib import Path

from kopilka.api.errors import STATUSES
from kopilka.wording.languages import Language
from kopilka.wording.refusal_texts import TEXTS
from kopilka.wording.refusals import ALL, Text

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api" / "errors.md"

HEAD = """\
# Errors of the API

<!-- Written by `python -m tools.errors_page` from the sources. Change the texts in src/kopilka/wording. -->

Every error is a problem document (RFC 9457) of type `application/problem+json`:

```json
{
  "type": "/api/docs/errors#insufficient_points",
  "title": "Not enough points",
  "status": 422,
  "code": "insufficient_points",
  "detail": "“bonus”: 100 available, 250 wanted. Spend less.",
  "currency": "bonus",
  "available": 100,
  "wanted": 250,
  "request_id": "0f8fad5bd9cb469fa165"
}
```

- `code` is for programs: it never changes its meaning and is never taken away. Decide by it, not by the status.
- `title` and `detail` are for people, in Russian or English by `Accept-Language` (else in the program's language).
  Show `detail` to the cashier: it says what to do.
- The other members are the figures of this very refusal, named below each code.
- `request_id` stands in the header `X-Request-Id` of every answer too. Tell it when you ask for help.

An error changed nothing; only a wrong member code uses up one of its tries. A refused request does not use up its
`Idempotency-Key`: correct the body and send it again with the same key or with a new one. Answers 408, 429, 500 and
503, and `idempotency_in_flight`, may be repeated with the same key; where there is a header `Retry-After`, wait that
many seconds.
"""

PARAMETERS = {
    "available": "units in the wallet, in the currency's smallest unit",
    "capability": "the right that is missing",
    "available_minor": "how much it can pay of this receipt, in minor units",
    "wanted_minor": "how much was asked for, in minor units",
    "certificate": "a gift certificate, by its last digits",
    "coupon": "the code as it was sent",
    "link": "code of the invite link",
    "service": "code of the service of the club",
    "currency": "code of the points currency",
    "differences": "what changed since the quote",
    "expected": "what the program reckoned with",
    "field": "path of the field in the body, such as `lines[0].price`, or a parameter of the address",
    "gift": "code of the gift in the catalogue",
    "given": "what was sent",
    "kind": "kind of the identifier: phone, card, email, external",
    "limit_days": "days",
    "limit_minutes": "minutes",
    "limited_by": "what limits: wish, balance, line_share, receipt_share, keep_price, cash_min, rules, step",
    "line": "number of the line",
    "maximum": "the most that is possible",
    "minimum": "the least that is possible",
    "number": "number of the version",
    "problems": "list of mistakes in the document, each with its path",
    "purchase_id": "the purchase that holds this receipt",
    "reason": "why the value is not accepted",
    "retry_after_seconds": "seconds to wait",
    "return_id": "the return that holds this number",
    "returnable": "quantity that can still be returned, in thousandths",
    "state": "how it stands: of a hold, a transfer, a gift or a draft",
    "tries_left": "tries left with this code",
    "until": "the first day on which it is possible, as in 2027-03-02",
    "wanted": "units that were asked for",
    "what": "kind of the thing that was not found; in `ledger_integrity`, what does not agree",
}


def page() -> str:
    """The whole page; codes of the domain first, then those of the door, each by its name."""
    domain = "\n".join(_entry(code, TEXTS[code]) for code in sorted(TEXTS))
    door = "\n".join(_entry(code, text) for code, text in sorted(ALL.items()) if code not in TEXTS)
    return (
        f"{HEAD}\n## Refusals of the program\n\n{domain}\n"
        f"## Faults of the request, and of the server\n\n"
        f"These are found before the program is asked.\n\n{door}"
    )


def _entry(code: str, text: Text) -> str:
    lines = [
        f"### {code}",
        "",
        f"{STATUSES[code]} · {text.title[Language.EN]} · {text.title[Language.RU]}",
        "",
        f"> {text.detail[Language.EN]}",
        ">",
        f"> {text.detail[Language.RU]}",
        "",
    ]
    told = [f"- `{name}`: {PARAMETERS[name]}" for name in text.params]
    if text.either:
        told.append("- " + ", or ".join(f"`{name}`: {PARAMETERS[name]}" for name in text.either))
    lines += [*told, ""] if told else []
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.errors_page", description="Write docs/api/errors.md.")
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the page is up to date")
    args = parser.parse_args()
    if args.check:
        if PAGE.read_text(encoding="utf-8") == page():
            return 0
        print("docs/api/errors.md is not up to date: run python -m tools.errors_page", file=sys.stderr)
        return 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
