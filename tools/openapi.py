"""`python -m tools.openapi --write | --check`: the snapshot of the API's document, docs/api/openapi.json.

The snapshot makes every change of the API visible in a review. --check fails when it is not what the sources say.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import django

WIDTH = 160
SNAPSHOT = Path(__file__).resolve().parent.parent / "docs" / "api" / "openapi.json"


def rendered() -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
    django.setup()
    from kopilka.api.openapi import document

    return _lines(json.loads(json.dumps(document(), sort_keys=True))) + "\n"


def _lines(part: object, depth: int = 0) -> str:
    """As JSON: what fits in one line is one, so that the file is short and a change shows which thing changed."""
    flat = json.dumps(part, ensure_ascii=False)
    if not isinstance(part, (dict, list)) or len(flat) + depth <= WIDTH:
        return flat
    inner = [_lines(one, depth + 1) for one in (part.values() if isinstance(part, dict) else part)]
    if isinstance(part, dict):
        inner = [f"{json.dumps(key, ensure_ascii=False)}: {one}" for key, one in zip(part, inner, strict=True)]
    opened, closed = "{}" if isinstance(part, dict) else "[]"
    margin = "\n" + " " * depth
    return opened + ",".join(f"{margin} {one}" for one in inner) + margin + closed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.openapi", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write the snapshot")
    what.add_argument("--check", action="store_true", help="fail when the snapshot is old")
    args = parser.parse_args()
    if args.write:
        SNAPSHOT.write_text(rendered(), encoding="utf-8")
        return 0
    if SNAPSHOT.exists() and SNAPSHOT.read_text(encoding="utf-8") == rendered():
        return 0
    print("docs/api/openapi.json is not what the sources say: python -m tools.openapi --write", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
