"""The source tree as the house tests read it: rooms, files and their syntax."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "kopilka"

DOORS = frozenset({"api", "till", "kiosk", "card", "cabinet", "site", "jobs", "cli"})


def rooms() -> set[str]:
    return {folder.name for folder in SOURCE.iterdir() if any(folder.glob("*.py"))}


def files_of(*names: str) -> list[Path]:
    """Python files of these rooms, as far as they exist; migrations are Django's own writing."""
    return sorted(path for name in names for path in (SOURCE / name).rglob("*.py") if "migrations" not in path.parts)


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a chain of names, or the tail of a chain that begins with something else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))


def imported(node: ast.AST) -> list[str]:
    """Full names that an import statement brings in."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module or ''}.{alias.name}" for alias in node.names]
    return []
