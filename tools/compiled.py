"""`python -m tools.compiled`: the modules that a purchase passes as machine code, by mypyc and the C compiler.

They keep their meaning: the same sources, checked by the same types, which mypyc then relies on.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from kopilka.compiled import FOLDER, LIST, SOURCES, fingerprints
from tools.compiled_sources import enumerations, written_out

GROUP = "kopilka_compiled"

MODULES = {
    "engine": (
        "beyond bounds certificate_kinds certificates checks claiming club coalition coupons decision earning"
        " fact_readers facts fiscal gifts hints ledger money period points privileges quote receipt"
        " rulebook_earn rulebook_tiers sale segments shares spans spending stacking standing stays tiers"
    ),
    "engine/compiling": "beside book choices earns ladders lines probes rules shares",
    "engine/promotions": "amount_off bundle buy_get fixed_price gift_line kind nth_free percent_off units",
    "engine/tiering": "counting judging missing moments ready reviewing",
    "wording": "amounts coupons hints languages nouns promotions reasons slip tiers vocabulary",
    "data": "ids",
    "bookkeeping": "documents events idempotency loading locking writing",
    "bookkeeping/kernel": "arrays postgres query rows sqlite store wire",
    "bookkeeping/purchasing": (
        "batch books confirming outcome quoting replaying requests spending tier_counting transactions"
    ),
    "services/imports": "asking cells receipts rehearsing scheduling staging",
    "api": "lines opening reader receipts rendering requests steps told waiting",
}
"""What is compiled, by folder: what a purchase passes, and the values it is made of. Not the values of a rulebook:
extensions put values of their own classes into them."""


def names() -> list[str]:
    """Sources to be compiled, by their paths below `src`."""
    return [f"kopilka/{folder}/{name}.py" for folder, listed in MODULES.items() for name in listed.split()]


def build(into: Path) -> None:
    """Compile everything into a new folder, and put it in the place of the one before only when it is whole."""
    for name in names():
        _must_not_be_lazy(name)
        _must_not_be_of_threads(name)
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / "lib"
        _write_out(Path(work) / SOURCES.name)
        _compile(Path(work), made)
        files = {_module_of(path, made): str(path.relative_to(made)) for path in _libraries(made)}
        sources = sorted({*names(), *_leaned_on()})
        types = {name.removesuffix(".py").replace("/", "."): _types_of(SOURCES / name) for name in names()}
        told = {"python": sys.version, "sources": fingerprints(sources), "modules": files, "types": types}
        (made / LIST).write_text(json.dumps(told, indent=1))
        beside = into.with_name(f"{into.name}.new")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(made, beside)
        shutil.rmtree(into, ignore_errors=True)
        beside.rename(into)


def _write_out(copied: Path) -> None:
    """A copy of all sources; those to be compiled as mypyc likes them best."""
    shutil.copytree(SOURCES / "kopilka", copied / "kopilka", ignore=shutil.ignore_patterns("__pycache__", "static"))
    members = enumerations(SOURCES / "kopilka")
    for name in names():
        (copied / name).write_text(written_out((SOURCES / name).read_text(), members))


def _compile(work: Path, made: Path) -> None:
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    class AtOnce(build_ext):
        """Gives the C compiler the files of a library at once, as many as there are processors."""

        def build_extensions(self) -> None:
            one_by_one = self.compiler.compile

            def compile_all(sources: list[str], **how: Any) -> list[str]:
                with ThreadPoolExecutor(os.cpu_count()) as pool:
                    return [made for one in pool.map(lambda one: one_by_one([one], **how), sources) for made in one]

            self.compiler.compile = compile_all
            super().build_extensions()

    os.environ["MYPYPATH"] = str(work / SOURCES.name)
    os.chdir(work)
    options = ["--config-file", str(SOURCES.parent / "tools/compiled.ini"), "--cache-dir", str(work / "types")]
    extensions = mypycify(
        [*options, *(f"{SOURCES.name}/{name}" for name in names())],
        group_name=GROUP, opt_level="2", debug_level="0", multi_file=True, target_dir=str(work / "c"),
    )  # fmt: skip
    command = AtOnce(Distribution({"name": GROUP, "ext_modules": extensions, "package_dir": {"": SOURCES.name}}))
    command.build_lib, command.build_temp = str(made), str(work / "o")
    command.ensure_finalized()
    command.run()


def _must_not_be_lazy(name: str) -> None:
    """mypyc makes a list of what a generator expression gives: only where it is used up at once this is the same."""
    tree = ast.parse((SOURCES / name).read_text())
    used_up = {id(one) for node in ast.walk(tree) for one in _given(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.GeneratorExp) and id(node) not in used_up:
            raise SystemExit(f"{name}:{node.lineno}: a generator expression is kept; write a list or a loop")


def _must_not_be_of_threads(name: str) -> None:
    """A compiled class has its fields in a place that all threads share, whatever it inherits from."""
    for node in ast.walk(ast.parse((SOURCES / name).read_text())):
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("local") for base in node.bases):
            raise SystemExit(f"{name}:{node.lineno}: a class of thread-local values; use threading.local() as it is")


def _given(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from node.args
    elif isinstance(node, ast.Starred):
        yield node.value
    elif isinstance(node, ast.comprehension | ast.For):
        yield node.iter


def _libraries(made: Path) -> Iterator[Path]:
    return made.rglob(f"*{sysconfig.get_config_var('EXT_SUFFIX')}")


def _module_of(path: Path, made: Path) -> str:
    return ".".join(path.relative_to(made).with_name(path.name.partition(".")[0]).parts)


def _types_of(source: Path) -> dict[str, dict[str, str]]:
    """Fields of each class with their types, as they are written."""
    classes = [node for node in ast.parse(source.read_text()).body if isinstance(node, ast.ClassDef)]
    return {
        node.name: {
            part.target.id: ast.unparse(part.annotation)
            for part in node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        }
        for node in classes
        if node.decorator_list  # a dataclass
    }


def _leaned_on() -> list[str]:
    """Sources that stay Python: their types and constants were believed while compiling."""
    return [str(path.relative_to(SOURCES)) for path in sorted((SOURCES / "kopilka/engine").rglob("*.py"))]


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    build(FOLDER)
    print(f"compiled: {len(names())} modules into {FOLDER.name}")


if __name__ == "__main__":
    main()
