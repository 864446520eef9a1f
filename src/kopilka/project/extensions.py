"""Extensions: installed packages that name an `Extension` under the entry points `kopilka.extensions`."""

from __future__ import annotations

from importlib.metadata import entry_points

from kopilka.engine.extending import Extension, ExtensionError, extend
from kopilka.project.environment import SettingError
from kopilka.wording.deeds import ACTION_NAMES
from kopilka.wording.facts import FACT_NAMES
from kopilka.wording.languages import Language

GROUP = "kopilka.extensions"

_loaded: list[str] = []


def load_extensions() -> list[str]:
    """Load all of them, once; their namespaces in the order of their names. A bad one stops the start."""
    if not _loaded:
        for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
            try:
                _loaded.append(_load(point.load()))
            except ExtensionError as error:
                raise SettingError(f"extension {point.name}", str(error), "mend or uninstall the package") from error
    return list(_loaded)


def _load(extension: object) -> str:
    if not isinstance(extension, Extension):
        raise ExtensionError("it names no Extension")
    extend(extension)
    for fact in extension.facts:
        FACT_NAMES[f"{extension.namespace}.{fact.name}"] = {Language.RU: fact.russian, Language.EN: fact.english}
    for action in extension.actions:
        ACTION_NAMES[f"{extension.namespace}.{action.name}"] = {
            Language.RU: action.russian,
            Language.EN: action.english,
        }
    return extension.namespace
