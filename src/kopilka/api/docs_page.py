"""The plain page of the API: the same document for people, without scripts, in Russian or English."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import Any

from kopilka.api.errors import STATUSES
from kopilka.api.markup import marked
from kopilka.api.openapi import document
from kopilka.wording.languages import Language
from kopilka.wording.refusals import ALL

Json = dict[str, Any]

LANGUAGES = {Language.RU: "Русский", Language.EN: "English"}
WORDS = {
    "title": ("API «Копилки»", "Kopilka API"),
    "errors": ("Ошибки", "Errors"),
    "about_errors": (
        "Ошибка — документ RFC 9457. Программа решает по полю code: его смысл не меняется.",
        "An error is an RFC 9457 document. A program decides by `code`: its meaning never changes.",
    ),
    "document": ("Документ OpenAPI", "The OpenAPI document"),
    "interactive": ("Попробовать в браузере", "Try it in the browser"),
    "parameters": ("Параметры", "Parameters"),
    "body": ("Тело запроса", "Body"),
    "answer": ("Ответ", "Answer"),
    "example": ("Пример", "Example"),
    "fields": ("Поля", "Fields"),
    "refusals": ("Отказы", "Refusals"),
    "required": ("обязательно", "required"),
    "operations": ("Операции", "Operations"),
}
ORDER = ("members", "quotes", "holds", "purchases", "returns", "wallets", "entries", "program")


@lru_cache(maxsize=4)
def operations_page(language: Language, *, interactive: bool) -> str:
    found = document()
    by_tag: dict[str, list[tuple[str, str, Json]]] = {}
    for path, item in found["paths"].items():
        for method, told in item.items():
            by_tag.setdefault(told["tags"][0], []).append((method, path, told))
    tags = {tag["name"]: tag for tag in found["tags"] if tag["name"] in by_tag}
    ordered = [*(name for name in ORDER if name in tags), *(name for name in tags if name not in ORDER)]
    about = _text(found["info"], "description", language)
    body = [f"<p>{marked(part)}</p>" for part in about.split("\n\n")]
    body += [f'<p><a href="/api/v1/openapi.json">{_say("document", language)}</a></p>']
    if interactive:
        body += [f'<p><a href="/api/docs">{_say("interactive", language)}</a></p>']
    for name in ordered:
        body.append(f'<h2 id="{name}">{escape(_text(tags[name], "description", language))}</h2>')
        body += [_article(method, path, told, language) for method, path, told in by_tag[name]]
    menu = "".join(_menu(name, by_tag[name], language) for name in ordered)
    return _frame(_say("title", language), menu, "".join(body), language, "/api/docs/plain")


@lru_cache(maxsize=4)
def errors_page(language: Language) -> str:
    codes = sorted(STATUSES)
    links = "".join(f'<li><a href="#{code}">{code}</a></li>' for code in codes)
    menu = f"<h2>{_say('errors', language)}</h2><ul>{links}</ul>"
    body = [f"<p>{marked(WORDS['about_errors'][_column(language)])}</p>"]
    for code in codes:
        text = ALL[code]
        body.append(
            f'<article id="{code}"><h3>{escape(text.title[language])}</h3>'
            f'<div class="address"><span class="method">{STATUSES[code]}</span><span>{code}</span></div>'
            f"<p>{escape(text.detail[language])}</p></article>"
        )
    return _frame(_say("errors", language), menu, "".join(body), language, "/api/docs/errors")


def _article(method: str, path: str, told: Json, language: Language) -> str:
    parts = [
        f'<article id="{told["operationId"]}"><h3>{escape(_text(told, "summary", language))}</h3>',
        f'<div class="address"><span class="method {method}">{method.upper()}</span><span>{escape(path)}</span></div>',
        *(f"<p>{marked(part)}</p>" for part in _text(told, "description", language).split("\n\n")),
        _parameters(told["parameters"], language),
    ]
    if "requestBody" in told:
        content = told["requestBody"]["content"]["application/json"]
        parts.append(f"<h4>{_say('body', language)}</h4>")
        parts.append(_fields(content["schema"], language) + _example(content.get("example"), language))
    good = {status: one for status, one in told["responses"].items() if status.startswith("2")}
    status, first = next(iter(good.items()))
    content = first["content"]["application/json"]
    parts.append(f"<h4>{_say('answer', language)} {status}</h4>")
    parts.append(_fields(content["schema"], language) + _example(content.get("example"), language))
    parts.append(_refusals(told["responses"], language) + "</article>")
    return "".join(parts)


def _parameters(parameters: Iterable[Json], language: Language) -> str:
    own = [one for one in map(_resolved, parameters) if one["name"] not in {"Accept-Language", "X-Request-Id"}]
    if not own:
        return ""
    rows = "".join(_row(one["name"], one["schema"], one["required"], _about(one, language), language) for one in own)
    return f"<h4>{_say('parameters', language)}</h4>{_table(rows)}"


def _fields(schema: Json, language: Language) -> str:
    """A table of the fields of an object, and one for each object below it."""
    tables = "".join(
        f'<h4 class="quiet">{escape(name)}</h4><p>{marked(one.get("description", ""))}</p>' + _object(one, language)
        for name, one in _objects(schema)
    )
    return f"<details><summary>{_say('fields', language)}</summary>{tables}</details>"


def _object(schema: Json, language: Language) -> str:
    required = set(schema.get("required", ()))
    rows = "".join(
        _row(name, one, name in required, one.get("description", ""), language)
        for name, one in schema.get("properties", {}).items()
    )
    return _table(rows)


def _objects(schema: Json, seen: set[str] | None = None) -> Iterator[tuple[str, Json]]:
    """The object a schema refers to, then those its fields refer to, each once."""
    seen = set() if seen is None else seen
    for name in _named(schema):
        if name in seen:
            continue
        seen.add(name)
        found = document()["components"]["schemas"][name]
        yield name, found
        for field in found.get("properties", {}).values():
            yield from _objects(field, seen)


def _named(schema: Json) -> list[str]:
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if isinstance(schema.get("items"), dict) else [])]
    return [name for one in inner for name in _named(one)]


def _row(name: str, schema: Json, required: bool, description: str, language: Language) -> str:  # noqa: FBT001
    must = f" <b>{_say('required', language)}</b>" if required else ""
    about = marked(description or schema.get("description", ""))
    return f"<tr><td><code>{escape(name)}</code></td><td>{escape(_kind(schema))}{must}</td><td>{about}</td></tr>"


def _table(rows: str) -> str:
    return f'<div class="wide"><table>{rows}</table></div>'


def _kind(schema: Json) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items') or {})}]"
    kind = str(schema.get("format") or schema.get("type", "any"))
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind} {low}…{high}"
    return f"{kind} ≤ {schema['maxLength']}" if "maxLength" in schema else kind


def _example(example: Any, language: Language) -> str:
    if example is None or example == {}:
        return ""
    shown = escape(json.dumps(example, ensure_ascii=False, indent=2))
    return f"<details><summary>{_say('example', language)}</summary><pre>{shown}</pre></details>"


def _refusals(responses: Json, language: Language) -> str:
    rows = []
    for status, one in responses.items():
        if not status.startswith("2"):
            codes = one["content"]["application/problem+json"]["examples"]
            links = ", ".join(f'<a href="/api/docs/errors#{code}">{code}</a>' for code in codes)
            rows.append(f"<tr><td>{status}</td><td>{links}</td></tr>")
    return f"<details><summary>{_say('refusals', language)}</summary>{_table(''.join(rows))}</details>"


def _menu(name: str, operations: list[tuple[str, str, Json]], language: Language) -> str:
    items = "".join(
        f'<li><a href="#{told["operationId"]}">{escape(_text(told, "summary", language))}</a></li>'
        for _, _, told in operations
    )
    return f"<h2>{escape(name)}</h2><ul>{items}</ul>"


def _resolved(parameter: Json) -> Json:
    if "$ref" not in parameter:
        return parameter
    found: Json = document()["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return found


def _frame(title: str, menu: str, body: str, language: Language, address: str) -> str:
    others = "".join(
        f'<a href="{address}?language={one.value}" lang="{one.value}" hreflang="{one.value}">{name}</a>'
        for one, name in LANGUAGES.items()
        if one is not language
    )
    label = _say("operations", language)
    return (
        f'<!doctype html><html lang="{language.value}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/api/docs/assets/docs.css"></head>'
        '<body><div class="frame">'
        f'<nav aria-label="{label}">{menu}</nav><main><p class="languages">{others}</p><h1>{escape(title)}</h1>{body}'
        "</main></div></body></html>"
    )


def _about(told: Json, language: Language) -> str:
    return _text(told, "description", language) if "description" in told else ""


def _text(told: Json, name: str, language: Language) -> str:
    """Russian texts stand in the document as x-ru-…; English where there is none."""
    return str((told.get(f"x-ru-{name}") if language is Language.RU else None) or told[name])


def _say(word: str, language: Language) -> str:
    return WORDS[word][_column(language)]


def _column(language: Language) -> int:
    return 0 if language is Language.RU else 1
