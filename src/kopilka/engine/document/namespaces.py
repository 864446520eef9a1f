"""Names of the extensions that are loaded: what they add to documents bears them before a dot."""

from __future__ import annotations

NAMESPACES: set[str] = set()


def missing_extension(key: str) -> str:
    """The extension that such a key belongs to when it is not loaded; empty for every other key."""
    namespace, dot, name = key.partition(".")
    return namespace if dot and namespace and name and namespace not in NAMESPACES else ""
