"""The compiled form of what a purchase passes, in place of the same modules as Python; `make compiled` builds it.

It stands beside the installed packages, with a list of the sources it was made from. All or nothing: when one of these
sources reads differently now, or another Python runs, everything is read as Python, as if there were no compiled form.
`KOPILKA_COMPILED=off` asks for that too.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from importlib.abc import MetaPathFinder
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

SOURCES = Path(__file__).parents[1]
FOLDER = Path(sysconfig.get_path("platlib")) / "kopilka_compiled"
LIST = "list.json"


class Form(StrEnum):
    """In which form the modules run, and why."""

    COMPILED = "compiled"
    NOT_BUILT = "python: not compiled"
    OLD = "python: the compiled form is of other sources"
    OFF = "python: KOPILKA_COMPILED is off"


class _Finder(MetaPathFinder):
    """Finds what the list names, before anybody looks for its source.

    mypyc keeps `list` of `list[str]`, by which no JSON can be read, so the classes get the types of their fields back
    as they are written. Compiled modules import each other without asking any finder: whatever came along is seen to
    when the module that was asked for is there.
    """

    def __init__(self, files: Mapping[str, str], types: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        self.files = files
        self.untold = dict(types)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname not in self.files:
            return None
        file = str(FOLDER / self.files[fullname])
        return spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self.tell_types))

    def tell_types(self) -> None:
        for name, classes in list(self.untold.items()):
            module = sys.modules.get(name)
            if module is not None and all(hasattr(module, one) for one in classes):
                for one, fields in classes.items():
                    getattr(module, one).__annotations__.update(fields)
                del self.untold[name]


class _Loader(ExtensionFileLoader):
    def __init__(self, name: str, path: str, then: Callable[[], None]) -> None:
        super().__init__(name, path)
        self.then = then

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        self.then()


def form() -> Form:
    """The form in which this process runs: decided once, when it began."""
    return _form


def fingerprints(names: Sequence[str]) -> dict[str, str]:
    """SHA-256 of each source, named by its path below `src`."""
    return {name: sha256((SOURCES / name).read_bytes()).hexdigest() for name in names}


def _decide() -> Form:
    if os.environ.get("KOPILKA_COMPILED", "").lower() == "off":
        return Form.OFF
    try:
        told = json.loads((FOLDER / LIST).read_text())
    except (OSError, ValueError):
        return Form.NOT_BUILT
    try:
        same = told["python"] == sys.version and told["sources"] == fingerprints(list(told["sources"]))
        finder = _Finder(told["modules"], told["types"])
    except (OSError, KeyError):  # a source is gone, or the list is of an older kind
        return Form.OLD
    if not same:
        return Form.OLD
    sys.meta_path.insert(0, finder)
    return Form.COMPILED


_form = _decide()
