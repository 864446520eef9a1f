"""What `tools.compiled` writes out for mypyc means the same, line by line."""

from textwrap import dedent

import pytest

from tools.compiled import SOURCES, names
from tools.compiled_sources import enumerations, written_out

MEMBERS = {"Why": frozenset({"EARNED", "SPENT"})}


def written(text: str) -> list[str]:
    return written_out(dedent(text).lstrip(), MEMBERS).splitlines()


@pytest.fixture(scope="module")
def members():
    return enumerations(SOURCES / "kopilka")


def test_a_dataclass_gets_its_constructor_in_the_line_of_its_docstring():
    lines = written(
        '''
        from dataclasses import dataclass, field
        @dataclass(frozen=True, slots=True)
        class Lot:
            """What it is."""

            units: int
            name: str = ""
            draws: list[int] = field(default_factory=list)
        '''
    )

    assert lines[1] == "@dataclass(slots=True, unsafe_hash=True, init=False)"
    assert lines[3] == (
        "    def __init__(self, units: int, name: str = '', draws: list[int] | None = None) -> None:"
        " self.units = units; self.name = name; self.draws = [] if draws is None else draws"
    )
    assert lines[5:] == ["    units: int", '    name: str = ""', "    draws: list[int] = field(default_factory=list)"]


def test_constructors_make_equal_values_and_fresh_lists():
    source = '''
        from dataclasses import dataclass, field
        @dataclass(frozen=True, slots=True)
        class Lot:
            """
            Two lines.
            """

            units: int
            draws: list[int] = field(default_factory=list)

            def __post_init__(self) -> None:
                self.draws.append(self.units)
        '''
    found: dict[str, object] = {}
    exec("\n".join(written(source)), found)
    lot = found["Lot"]

    assert lot(3) == lot(3, []) != lot(4)
    assert lot(3).draws == [3]
    assert repr(lot(3)) == "Lot(units=3, draws=[3])"


@pytest.mark.parametrize(
    "body",
    [
        "units: int = field(init=False)",
        "units: ClassVar[int] = 3",
        "units: int | None = field(default_factory=int)",
        "units: int\n\n    def __init__(self) -> None: self.units = 1",
    ],
)
def test_what_cannot_be_written_out_stays(body):
    source = f'from dataclasses import dataclass\n@dataclass(slots=True)\nclass Lot:\n    """One."""\n    {body}\n'

    assert written_out(source, MEMBERS).splitlines()[1:4] == ["@dataclass(slots=True)", "class Lot:", '    """One."""']


def test_members_of_enumerations_are_constants_inside_functions_and_not_in_patterns():
    lines = written(
        """
        from decisions import Why

        def tell(why: Why = Why.SPENT) -> bool:
            match why:
                case Why.EARNED:
                    return True
            return why is Why.EARNED or Why.OTHER
        """
    )

    assert lines == [
        "from typing import Final as _Final; from decisions import Why",
        "_Why_EARNED: _Final = Why.EARNED",
        "def tell(why: Why = Why.SPENT) -> bool:",
        "    match why:",
        "        case Why.EARNED:",
        "            return True",
        "    return why is _Why_EARNED or Why.OTHER",
    ]


def test_constants_are_final_but_not_types_limits_and_what_changes():
    lines = written(
        """
        import json

        SCALE = 1_000
        KEPT_MAX = 10
        T = TypeVar("T")
        Row = tuple[int, str]
        known: dict[str, int] = {}
        last = 0

        def count() -> None:
            global last
            last = 1
        """
    )

    assert lines[2:8] == [
        "SCALE: _Final = 1_000", "KEPT_MAX = 10", 'T = TypeVar("T")', "Row = tuple[int, str]",
        "known: _Final[dict[str, int]] = {}", "last = 0",
    ]  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_no_line_of_a_source_moves(name, members):
    """A traceback of compiled code points at the true source."""
    source = (SOURCES / name).read_text()

    assert len(written_out(source, members).splitlines()) == len(source.splitlines())
