"""Sources as they are given to mypyc: what a reader need not see is written out for it, line by line where it stood.

A dataclass gets its constructor (the one that `dataclasses` makes is interpreted, and takes ten times as long), members
of enumerations and constants of a module become places in memory instead of names to be looked up at every use.
Nothing else changes, and no line moves, so that a traceback of compiled code points at the true source. (A value that
is frozen is not in its compiled form: the types are checked where it matters, when it is written.)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MADE_OF_TYPES = frozenset({"TypeVar", "ParamSpec", "NewType", "NamedTuple", "namedtuple", "TypedDict"})
ENUMS = frozenset({"Enum", "StrEnum", "IntEnum", "IntFlag", "Flag"})


def enumerations(folder: Path) -> dict[str, frozenset[str]]:
    """Members of every enumeration below a folder, by the name of its class."""
    found: dict[str, frozenset[str]] = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any(_last_name(base) in ENUMS for base in node.bases):
                members = {_name_of(part) for part in node.body if isinstance(part, ast.Assign)}
                found[node.name] = frozenset(members) | found.get(node.name, frozenset())
    return found


def written_out(source: str, members: dict[str, frozenset[str]]) -> str:
    """A source for mypyc; `members` of the enumerations it may use."""
    tree = ast.parse(source)
    page = _Page(source.splitlines())
    _import_final(page, tree)
    _write_members(page, tree, members)
    _write_constants(page, tree)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            _write_constructor(page, node)
    return page.text()


class _Page:
    """Lines being changed in place; changes of one line are made from its end to its beginning."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._changes: list[tuple[int, int, int, str]] = []

    def change(self, node: ast.expr | ast.stmt, text: str) -> None:
        """Put `text` where a node stands that begins and ends in one line."""
        assert node.end_col_offset is not None
        self._changes.append((node.lineno, node.col_offset, node.end_col_offset, text))

    def insert(self, line: int, column: int, text: str) -> None:
        self._changes.append((line, column, column, text))

    def put_in_place_of(self, first: int, last: int, text: str) -> None:
        """One line instead of several; the others stay, empty."""
        for line in range(first, last + 1):
            whole = len(self._lines[line - 1].encode())
            self._changes.append((line, 0, whole, text if line == first else ""))

    def is_empty(self, line: int) -> bool:
        return line <= len(self._lines) and not self._lines[line - 1].strip()

    def text(self) -> str:
        for line, start, end, text in sorted(self._changes, reverse=True):
            raw = self._lines[line - 1].encode()  # columns are counted in bytes
            self._lines[line - 1] = (raw[:start] + text.encode() + raw[end:]).decode()
        return "\n".join(self._lines) + "\n"


# Members of enumerations


def _write_members(page: _Page, tree: ast.Module, members: dict[str, frozenset[str]]) -> None:
    """`Why.EARNED` inside functions becomes a constant that is made where the class is known."""
    places = {name: line for name, line in _known_from(tree) if name in members}
    used: dict[str, set[str]] = {}
    for node in _inside_functions(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        name = node.value.id
        if name in places and node.attr in members[name] and node.lineno == node.end_lineno:
            page.change(node, _constant(name, node.attr))
            used.setdefault(name, set()).add(node.attr)
    by_line: dict[int, list[str]] = {}
    for name, attributes in sorted(used.items()):
        made = [f"{_constant(name, one)}: _Final = {name}.{one}" for one in sorted(attributes)]
        by_line.setdefault(places[name], []).extend(made)
    for line, made in by_line.items():
        assert page.is_empty(line), "an empty line follows imports and classes"
        page.insert(line, 0, "; ".join(made))


def _constant(name: str, member: str) -> str:
    return f"_{name}_{member}"


def _known_from(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names of classes with the empty line behind which they are known: after the imports, or after the class."""
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    after = max((node.end_lineno or 0 for node in imports), default=0) + 1
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, after
        elif isinstance(node, ast.ClassDef):
            yield node.name, (node.end_lineno or 0) + 1


def _inside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """What is run when functions run; patterns of `match` must stay names with dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in node.body:
                yield from _without_patterns(part)


def _without_patterns(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.pattern | ast.FunctionDef | ast.AsyncFunctionDef):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _without_patterns(child)


# Constants of a module


def _write_constants(page: _Page, tree: ast.Module) -> None:
    """A name that is given a value once, and is neither a type nor anybody's `global`, is a constant.

    Not a limit of what is kept: nobody asks for it often, and tests set it lower.
    """
    changed = {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
    given = [name for node in tree.body for name in _given_in(node)]
    for node in tree.body:
        names = list(_given_in(node))
        if len(names) != 1 or given.count(names[0]) != 1 or names[0] in changed or names[0].endswith("_MAX"):
            continue
        if isinstance(node, ast.Assign) and _is_value(node.value):
            page.insert(node.lineno, len(names[0]), ": _Final")
        elif isinstance(node, ast.AnnAssign) and node.value is not None and _is_plain_annotation(node.annotation):
            page.change(node.annotation, f"_Final[{ast.unparse(node.annotation)}]")


def _import_final(page: _Page, tree: ast.Module) -> None:
    """In the line of the first import that is not of the future."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__":
            page.insert(node.lineno, 0, "from typing import Final as _Final; ")
            return


def _given_in(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            for one in ast.walk(target):
                if isinstance(one, ast.Name):
                    yield one.id
    elif isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _is_value(node: ast.expr) -> bool:
    """Surely no type: a literal, what a function gives, or an attribute of that."""
    if isinstance(node, ast.Call):
        return _last_name(node.func) not in MADE_OF_TYPES
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Call)
    return isinstance(node, ast.Constant | ast.Dict | ast.Set | ast.List | ast.Tuple | ast.DictComp | ast.JoinedStr)


def _is_plain_annotation(node: ast.expr) -> bool:
    return _last_name(node) not in {"Final", "ClassVar", "TypeAlias"} and node.lineno == node.end_lineno


# Constructors


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: str
    default: str
    made: str

    def parameter(self) -> str:
        if self.made:
            return f"{self.name}: {self.kind} | None = None"
        return f"{self.name}: {self.kind} = {self.default}" if self.default else f"{self.name}: {self.kind}"

    def taken(self) -> str:
        if self.made:
            return f"self.{self.name} = {self.made} if {self.name} is None else {self.name}"
        return f"self.{self.name} = {self.name}"


def _write_constructor(page: _Page, node: ast.ClassDef) -> None:
    decorator = _dataclass_of(node)
    said = node.body[0]
    if decorator is None or node.bases or not _is_text(said):
        return
    fields = [_field_of(part) for part in node.body if isinstance(part, ast.AnnAssign)]
    methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    known = [one for one in fields if one is not None]
    if len(known) != len(fields) or not fields or "__init__" in methods:
        return
    page.change(decorator, ast.unparse(_without_init(decorator)))
    does = [one.taken() for one in known] + (["self.__post_init__()"] if "__post_init__" in methods else [])
    parameters = ", ".join(["self", *(one.parameter() for one in known)])
    text = f"    def __init__({parameters}) -> None: {'; '.join(does)}"
    page.put_in_place_of(said.lineno, said.end_lineno or said.lineno, text)


def _dataclass_of(node: ast.ClassDef) -> ast.Call | None:
    if len(node.decorator_list) != 1:
        return None
    decorator = node.decorator_list[0]
    return decorator if isinstance(decorator, ast.Call) and _last_name(decorator.func) == "dataclass" else None


def _without_init(decorator: ast.Call) -> ast.Call:
    """`init=False`; and what is frozen may be written to once, by our constructor."""
    told = {one.arg: ast.unparse(one.value) for one in decorator.keywords if one.arg}
    assert "kw_only" not in told, "not known here"
    if told.pop("frozen", "False") == "True" and told.get("eq", "True") == "True":
        told["unsafe_hash"] = "True"
    told["init"] = "False"
    call = ast.parse(f"dataclass({', '.join(f'{name}={value}' for name, value in told.items())})", mode="eval").body
    assert isinstance(call, ast.Call)
    return call


def _field_of(part: ast.AnnAssign) -> _Field | None:
    """None for one that cannot be written out."""
    assert isinstance(part.target, ast.Name)
    kind = ast.unparse(part.annotation)
    if _last_name(part.annotation) in {"ClassVar", "InitVar", "KW_ONLY"}:
        return None
    if part.value is None:
        return _Field(part.target.id, kind, "", "")
    if not (isinstance(part.value, ast.Call) and _last_name(part.value.func) == "field"):
        return _Field(part.target.id, kind, ast.unparse(part.value), "")
    told = {one.arg: one.value for one in part.value.keywords}
    if set(told) == {"default_factory"} and "None" not in kind.split(" | "):
        return _Field(part.target.id, kind, "", _made_by(ast.unparse(told["default_factory"])))
    return None


def _made_by(factory: str) -> str:
    return {"list": "[]", "dict": "{}"}.get(factory, f"{factory}()")


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _last_name(node: ast.expr) -> str:
    """`field` of `dataclasses.field` and of `field[...]`."""
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _name_of(node: ast.Assign) -> str:
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""
