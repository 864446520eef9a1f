"""What an import graph cannot see. Each rule yields the places that break it; none may."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import tree
from tests.house.tree import DOORS, dotted, files_of, imported, place, rooms, syntax

FILE_LINES_MAX = {"src": 450, "tools": 450, "tests": 800}
FUNCTION_LINES_MAX = 70
MODEL_LINES_MAX = 160
ASSET_LINES_MAX = {".html": 200, ".js": 250, ".css": 500}

NAMELESS = {"base", "common", "handler", "handlers", "helper", "helpers", "manager", "managers", "misc"}
NAMELESS |= {"util", "utils"}
PROTOCOLS = {"channels/base.py", "connectors/base.py"}

CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.today"}
CLOCK_OWNERS = DOORS | {"project", "web"}
PAGES = ("django.http", "django.shortcuts", "django.template", "django.contrib.messages", "django.views")
SIGNALS = {"receiver", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}
QUERY_VERBS = {"save", "filter", "create"}

Rule = Callable[[], Iterator[str]]


def nodes(paths: list[Path]) -> Iterator[tuple[Path, ast.AST]]:
    for path in paths:
        for node in ast.walk(syntax(path)):
            yield path, node


def no_model_by_name() -> Iterator[str]:
    """get_model is a back door past the import contracts."""
    for path, node in nodes(files_of(*rooms())):
        if isinstance(node, ast.Attribute) and node.attr == "get_model":
            yield place(path, node)


def no_queries_in_doors() -> Iterator[str]:
    for path, node in nodes(files_of(*DOORS)):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            yield place(path, node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in QUERY_VERBS:
            yield place(path, node)


def no_pages_below_doors() -> Iterator[str]:
    for path, node in nodes(files_of("services", "bookkeeping", "queries", "wording", "engine")):
        if any(name.startswith(PAGES) for name in imported(node)):
            yield place(path, node)
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "render":
            yield place(path, node)


def no_clock_below_doors() -> Iterator[str]:
    """Time comes in as `at`; even a reference counts, as in default=timezone.now."""
    for path, node in nodes(files_of(*(rooms() - CLOCK_OWNERS))):
        if isinstance(node, ast.Attribute) and ".".join(dotted(node).split(".")[-2:]) in CLOCKS:
            yield place(path, node)


def no_fractions_in_engine() -> Iterator[str]:
    for path, node in nodes(files_of("engine")):
        if isinstance(node, ast.Call) and dotted(node.func) == "float":
            yield place(path, node)
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield place(path, node)
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield place(path, node)


def no_work_in_models() -> Iterator[str]:
    for path, node in nodes(files_of("data")):
        if isinstance(node, ast.ClassDef) and any(dotted(base).endswith("Model") for base in node.bases):
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name in {"save", "delete"}:
                    yield place(path, item)


def no_signals() -> Iterator[str]:
    for path, node in nodes(files_of(*rooms())):
        if any(name.rpartition(".")[2] in SIGNALS for name in imported(node)):
            yield place(path, node)


def no_print_outside_cli() -> Iterator[str]:
    for path, node in nodes(files_of(*(rooms() - {"cli"}))):
        if isinstance(node, ast.Call) and dotted(node.func) == "print":
            yield place(path, node)


def no_imports_inside_functions() -> Iterator[str]:
    """A hidden import hides a cycle. The command line may: it loads a subcommand when it is asked for."""
    for path, node in nodes(files_of(*(rooms() - {"cli"}))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if any(name.startswith("kopilka") for name in imported(inner)):
                    yield place(path, inner)


def no_nameless_files() -> Iterator[str]:
    for path in tree.SOURCE.rglob("*.py"):
        if path.stem in NAMELESS and path.relative_to(tree.SOURCE).as_posix() not in PROTOCOLS:
            yield str(path.relative_to(tree.ROOT))


def no_long_files() -> Iterator[str]:
    for top, cap in FILE_LINES_MAX.items():
        for path in (tree.ROOT / top).rglob("*.py"):
            lines = path.read_text().count("\n")
            if lines > cap and "migrations" not in path.parts:
                yield f"{path.relative_to(tree.ROOT)}: {lines} lines, at most {cap}"


def no_long_functions() -> Iterator[str]:
    for path, node in nodes(files_of(*rooms())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{place(path, node)} {node.name}: {lines} lines, at most {FUNCTION_LINES_MAX}"


def no_fat_models() -> Iterator[str]:
    for path, node in nodes(files_of("data")):
        if isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno + 1 > MODEL_LINES_MAX:
            yield place(path, node)


def no_long_assets() -> Iterator[str]:
    for path in tree.SOURCE.rglob("*"):
        cap = ASSET_LINES_MAX.get(path.suffix)
        if cap and path.read_text().count("\n") > cap:
            yield f"{path.relative_to(tree.ROOT)}: at most {cap} lines"


RULES: list[Rule] = [
    no_model_by_name,
    no_queries_in_doors,
    no_pages_below_doors,
    no_clock_below_doors,
    no_fractions_in_engine,
    no_work_in_models,
    no_signals,
    no_print_outside_cli,
    no_imports_inside_functions,
    no_nameless_files,
    no_long_files,
    no_long_functions,
    no_fat_models,
    no_long_assets,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_house_rule_holds(rule):
    assert list(rule()) == []


@pytest.mark.parametrize(
    ("rule", "file", "text"),
    [
        (no_model_by_name, "services/a.py", "apps.get_model('kopilka', 'Member')"),
        (no_queries_in_doors, "api/a.py", "Member.objects"),
        (no_queries_in_doors, "till/a.py", "members.filter(name='A')"),
        (no_pages_below_doors, "services/a.py", "from django.http import HttpResponse"),
        (no_pages_below_doors, "queries/a.py", "render(request, 'a.html')"),
        (no_clock_below_doors, "bookkeeping/a.py", "from django.utils import timezone\nat = timezone.now()"),
        (no_clock_below_doors, "data/a.py", "import datetime\nfield(default=datetime.datetime.now)"),
        (no_fractions_in_engine, "engine/a.py", "share = points / 3"),
        (no_fractions_in_engine, "engine/a.py", "share = float(points)"),
        (no_fractions_in_engine, "engine/a.py", "share = 0.5"),
        (no_work_in_models, "data/a.py", "class A(models.Model):\n    def save(self): ..."),
        (no_signals, "data/a.py", "from django.db.models.signals import post_save"),
        (no_print_outside_cli, "jobs/a.py", "print('done')"),
        (no_imports_inside_functions, "services/a.py", "def a():\n    from kopilka.engine import money"),
        (no_nameless_files, "services/utils.py", ""),
        (no_long_files, "services/a.py", "a = 1\n" * 451),
        (no_long_functions, "services/a.py", "def a():\n" + "    b = 1\n" * 70),
        (no_fat_models, "data/a.py", "class A(models.Model):\n" + "    b = 1\n" * 160),
        (no_long_assets, "web/static/a.js", "a();\n" * 251),
    ],
    ids=lambda value: getattr(value, "__name__", None) or str(value)[:24].split("\n")[0],
)
def test_house_rule_bites(monkeypatch, tmp_path, rule, file, text):
    """Without this, a rule that finds nothing might be a rule that looks nowhere."""
    path = tmp_path / "src" / "kopilka" / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    monkeypatch.setattr(tree, "ROOT", tmp_path)
    monkeypatch.setattr(tree, "SOURCE", tmp_path / "src" / "kopilka")

    assert len(list(rule())) == 1
