"""How small pieces of the document are put together: records with fields, mappings by code, lists, alternatives."""

from __future__ import annotations

from dataclasses import dataclass, field

from kopilka.engine.document.kinds import BAD, Bad, Code, Kind, Place, Schema, Text
from kopilka.engine.document.namespaces import missing_extension
from kopilka.engine.document.problems import ProblemCode

LIST_LIMIT = 1_000
MAP_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record."""

    kind: Kind
    says: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. Reads as a dict of the values that could be read.

    `exactly_one`, `at_most_one`, `at_least_one` name keys of which so many must be given.
    """

    name: str
    says: str
    fields: dict[str, Field]
    exactly_one: tuple[str, ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()
    at_least_one: tuple[str, ...] = ()

    def read(self, node: object, place: Place) -> dict[str, object] | Bad:
        if not isinstance(node, dict):
            return place.wrong(ProblemCode.NOT_A_MAPPING)
        self._refuse_unknown(node, place)
        values: dict[str, object] = {}
        for key, spec in self.fields.items():
            if key in node:
                value = spec.kind.read(node[key], place.into(key))
                if not isinstance(value, Bad):
                    values[key] = value
            elif spec.required:
                place.wrong(ProblemCode.MISSING_KEY, key=key)
        self._count_keys(node, place)
        return values

    def _refuse_unknown(self, node: dict[str, object], place: Place) -> None:
        known = tuple(self.fields)
        for key in node:
            if key not in self.fields and (extension := missing_extension(key)):
                place.into(key).wrong(ProblemCode.NOT_INSTALLED, key=key, extension=extension)
            elif key not in self.fields:
                place.into(key).wrong(ProblemCode.UNKNOWN_KEY, key=key, suggestion=place.nearest(key, known))

    def _count_keys(self, node: dict[str, object], place: Place) -> None:
        given = [key for key in self.exactly_one if key in node]
        if self.exactly_one and len(given) != 1:
            place.wrong(ProblemCode.EXACTLY_ONE, keys=list(self.exactly_one), given=given)
        for rivals in self.at_most_one:
            given = [key for key in rivals if key in node]
            if len(given) > 1:
                place.wrong(ProblemCode.AT_MOST_ONE, keys=list(rivals), given=given)
        if self.at_least_one and not any(key in node for key in self.at_least_one):
            place.wrong(ProblemCode.AT_LEAST_ONE, keys=list(self.at_least_one))

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        properties = {key: _described(spec) for key, spec in self.fields.items()}
        found: Schema = {"type": "object", "description": self.says, "properties": properties}
        found["additionalProperties"] = False
        required = [key for key, spec in self.fields.items() if spec.required]
        if required:
            found["required"] = required
        if self.exactly_one:
            found["oneOf"] = [{"required": [key]} for key in self.exactly_one]
        if self.at_least_one:
            found["anyOf"] = [{"required": [key]} for key in self.at_least_one]
        if self.at_most_one:
            found["allOf"] = [{"not": {"required": list(pair)}} for pair in _pairs(self.at_most_one)]
        return found


def _described(spec: Field) -> Schema:
    return {"description": spec.says, **spec.kind.schema()} if spec.says else spec.kind.schema()


def _pairs(groups: tuple[tuple[str, ...], ...]) -> list[tuple[str, str]]:
    return [(first, second) for keys in groups for i, first in enumerate(keys) for second in keys[i + 1 :]]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from keys of one kind to values of one kind, in the order of the document."""

    value: Kind
    key: Kind = field(default_factory=Code)

    def read(self, node: object, place: Place) -> dict[str, object] | Bad:
        if not isinstance(node, dict):
            return place.wrong(ProblemCode.NOT_A_MAPPING)
        if len(node) > MAP_LIMIT:
            return place.wrong(ProblemCode.TOO_MANY, limit=MAP_LIMIT)
        values: dict[str, object] = {}
        for key, item in node.items():
            spot = place.into(key)
            name = self.key.read(key, spot)
            value = self.value.read(item, spot)
            if not isinstance(name, Bad) and not isinstance(value, Bad):
                values[key] = value
        return values

    def schema(self) -> Schema:
        keys = {name: value for name, value in self.key.schema().items() if name != "type"}
        return {"type": "object", "propertyNames": keys, "additionalProperties": self.value.schema()}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of at least `minimum` values of one kind. `distinct`: none twice; `or_one`: one may stand alone."""

    item: Kind
    or_one: bool = False
    minimum: int = 1
    distinct: bool = False
    limit: int = LIST_LIMIT

    def read(self, node: object, place: Place) -> tuple[object, ...] | Bad:
        if not isinstance(node, list):
            if not self.or_one:
                return place.wrong(ProblemCode.NOT_A_LIST)
            value = self.item.read(node, place)
            return BAD if isinstance(value, Bad) else (value,)
        if len(node) < self.minimum:
            return place.wrong(ProblemCode.EMPTY)
        if len(node) > self.limit:
            return place.wrong(ProblemCode.TOO_MANY, limit=self.limit)
        values = [self.item.read(value, place.item(index)) for index, value in enumerate(node)]
        if any(isinstance(value, Bad) for value in values):
            return BAD
        if self.distinct:
            for index, value in enumerate(values):
                if value in values[:index]:
                    place.item(index).wrong(ProblemCode.DUPLICATE_VALUE, text=str(node[index]))
        return tuple(values)

    def schema(self) -> Schema:
        many: Schema = {"type": "array", "items": self.item.schema(), "minItems": self.minimum}
        return {"anyOf": [self.item.schema(), many]} if self.or_one else many


@dataclass(frozen=True, slots=True)
class WordOr:
    """One of a few words, or something else: `per: unit`, `per: "50.00"`.

    `guesses`: what is spelt nearly like a word was meant to be one; not where the other may be any code.
    """

    words: tuple[str, ...]
    other: Kind
    guesses: bool = True

    def read(self, node: object, place: Place) -> object:
        if isinstance(node, str) and node in self.words:
            return node
        if self.guesses and isinstance(node, str) and (near := place.nearest(node, self.words)):
            return place.wrong(ProblemCode.NOT_A_WORD, text=node, words=list(self.words), suggestion=near)
        return self.other.read(node, place)

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": list(self.words)}, self.other.schema()]}


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text for people: one for everybody, or {ru: …, en: …}. Reads as (Russian, English)."""

    limit: int = 200

    def read(self, node: object, place: Place) -> tuple[str, str] | Bad:
        if isinstance(node, str):
            text = Text(self.limit).read(node, place)
            return BAD if isinstance(text, Bad) else (text, text)
        values = self._record().read(node, place)
        if isinstance(values, Bad) or not values:
            return BAD
        texts = {language: str(text) for language, text in values.items()}
        alone = next(iter(texts.values()))
        return texts.get("ru", alone), texts.get("en", alone)

    def _record(self) -> Record:
        text = Text(self.limit)
        fields = {"ru": Field(text, "In Russian."), "en": Field(text, "In English.")}
        return Record("name", "A text in two languages.", fields, at_least_one=("ru", "en"))

    def schema(self) -> Schema:
        both = {"ru": {"type": "string"}, "en": {"type": "string"}}
        pair = {"type": "object", "properties": both, "additionalProperties": False, "minProperties": 1}
        return {"anyOf": [Text(self.limit).schema(), pair]}
