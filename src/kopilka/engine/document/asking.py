"""A condition over members asked outside a document: counted, listed, exported."""

from __future__ import annotations

from kopilka.engine.conditions import Condition
from kopilka.engine.document.conditions import ABOUT_MEMBER
from kopilka.engine.document.kinds import Bad, Notebook, Place
from kopilka.engine.document.problems import Problem, ProblemCode
from kopilka.engine.document.reading import as_texts
from kopilka.engine.rulebook import Rulebook


def read_member_condition(tree: object, rulebook: Rulebook) -> tuple[Condition | None, list[Problem]]:
    """Written as `when` of a segment is; None with the problems when it cannot be read. Codes are the rulebook's."""
    notebook = Notebook(digits=rulebook.digits)
    notebook.codes = {
        "tiers": tuple(tier.code for tier in rulebook.tiers),
        "segments": tuple(rulebook.mechanics.segments),
    }
    top = Place(notebook, "when")
    texts = as_texts(tree, top)
    found = ABOUT_MEMBER.read(texts, top) if not notebook.problems else None
    for place, section, text in notebook.links:
        if text not in notebook.codes.get(section, ()):
            near = place.nearest(text, notebook.codes.get(section, ()))
            place.wrong(ProblemCode.UNKNOWN_CODE, section=section, text=text, suggestion=near)
    if notebook.problems or found is None or isinstance(found, Bad):
        return None, notebook.problems
    return found, []
