"""`python -m tools.messages [--check | --compile]`: the Russian sentences of the pages.

Pages are written in English; each door keeps its Russian in locale/ru/LC_MESSAGES/django.po. Without options the
catalogues are brought up to date with what the pages say, and compiled. `--check` changes nothing and fails when a
sentence is missing, is left over, has other placeholders, or is said in another way by another door: all doors share
one space of sentences, so the first one would speak for all. `--compile` only writes the compiled form.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "kopilka"
DOORS = ("web", "till", "kiosk", "card", "site")
HEADER = {
    "Project-Id-Version": "kopilka",
    "Language": "ru",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=3;"
    " plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
}
PLURALS = 3

Message = tuple[str, str, str]
"""Context, sentence, its plural (each may be empty)."""

_SHAPES = {
    "_": "s", "gettext": "s", "gettext_lazy": "s", "gettext_noop": "s",
    "ngettext": "sp", "ngettext_lazy": "sp", "pgettext": "cs", "pgettext_lazy": "cs", "npgettext": "csp",
}  # fmt: skip
_CALL = re.compile(r"\b(?:n?p?gettext|_)\(")
_PLACEHOLDER = re.compile(r"%\([a-z_]+\)[a-z]|%[sd]|\{[a-z_]*\}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.messages")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    asked = parser.parse_args(arguments)
    wrong = []
    for door in DOORS:
        place = _place(door)
        if asked.check:
            wrong += [f"{door}: {one}" for one in mistakes(door)]
            continue
        catalogue = _read(place)
        if not asked.compile:
            catalogue = updated(catalogue, messages_of(door))
            place.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(place))
        if place.exists():
            catalogue.save_as_mofile(str(place.with_suffix(".mo")))
    wrong += disagreements() if asked.check else []
    for one in wrong:
        print(one, file=sys.stderr)
    return 1 if wrong else 0


def mistakes(door: str) -> list[str]:
    """What a reader of Russian would stumble over."""
    catalogue = _read(_place(door))
    known = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    said = messages_of(door)
    wrong = [f"not in the catalogue: {message[1]!r}" for message in sorted(said - set(known))]
    wrong += [f"said nowhere: {message[1]!r}" for message in sorted(set(known) - said)]
    for message in sorted(said & set(known)):
        wrong += [f"{problem}: {message[1]!r}" for problem in _wrong(known[message])]
    return wrong


def disagreements(doors: tuple[str, ...] = DOORS) -> list[str]:
    """Sentences that two doors put into different Russian. A context of its own (pgettext) tells them apart."""
    said: dict[tuple[str, str, bool], dict[tuple[str, ...], list[str]]] = {}
    for door in doors:
        for entry in _read(_place(door)):
            texts = tuple(entry.msgstr_plural.values()) if entry.msgid_plural else (entry.msgstr,)
            if any(texts):
                said.setdefault((entry.msgctxt or "", entry.msgid, bool(entry.msgid_plural)), {}).setdefault(
                    texts, []
                ).append(door)
    return [
        f"said in different words: {sentence!r}: "
        + "; ".join(f"{', '.join(where)}: {texts[0]!r}" for texts, where in ways.items())
        for (_context, sentence, _plural), ways in sorted(said.items())
        if len(ways) > 1
    ]


def updated(catalogue: polib.POFile, said: set[Message]) -> polib.POFile:
    """What is said stays with its translation, what is new waits for one, what is said no more goes."""
    known = {_key(entry): entry for entry in catalogue}
    made = polib.POFile(wrapwidth=120)
    made.metadata = HEADER
    for context, sentence, plural in sorted(said):
        old = known.get((context, sentence, plural))
        entry = polib.POEntry(msgid=sentence, msgctxt=context or None)
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = old.msgstr_plural if old else dict.fromkeys(range(PLURALS), "")
        else:
            entry.msgstr = old.msgstr if old else ""
        made.append(entry)
    return made


def messages_of(door: str) -> set[Message]:
    """Every sentence that the templates and views of a door mark for translation."""
    found: set[Message] = set()
    for path in sorted((SOURCE / door).rglob("*")):
        if path.suffix == ".html":
            found.update(_of_template(path))
        elif path.suffix == ".py":
            found.update(_of_python(path))
    return found


def _of_template(path: Path) -> Iterator[Message]:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in _CALL.finditer(text):
        parsed = _parse_call(text, call.start())
        if parsed is not None:
            yield from _of_call(parsed)


def _parse_call(text: str, start: int) -> ast.Call | None:
    """The shortest piece from here that is a whole call."""
    for end in re.finditer(r"\)", text[start:]):
        try:
            tree = ast.parse(text[start : start + end.end()].replace("\n", "\\n"), mode="eval")
        except SyntaxError:
            continue
        return tree.body if isinstance(tree.body, ast.Call) else None
    return None


def _of_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[Message]:
    shape = _SHAPES.get(call.func.id if isinstance(call.func, ast.Name) else "")
    if not shape:
        return
    words = [
        one.value for one in call.args[: len(shape)] if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    if len(words) == len(shape):
        told = dict(zip(shape, words, strict=True))
        yield told.get("c", ""), told["s"], told.get("p", "")


def _wrong(entry: polib.POEntry) -> Iterator[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(texts) or (entry.msgid_plural and len(texts) != PLURALS):
        yield "not translated"
        return
    said = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    if any(set(_PLACEHOLDER.findall(text)) - said for text in texts) or said - set(_PLACEHOLDER.findall(texts[-1])):
        yield "other placeholders"


def _place(door: str) -> Path:
    return SOURCE / door / "locale" / "ru" / "LC_MESSAGES" / "django.po"


def _read(place: Path) -> polib.POFile:
    return polib.pofile(str(place), wrapwidth=120) if place.exists() else polib.POFile(wrapwidth=120)


def _key(entry: polib.POEntry) -> Message:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
