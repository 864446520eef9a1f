"""Whatever stands in a document, reading it ends with a rulebook or with problems, never with a crash."""

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from kopilka.bookkeeping.rulebook_text import read_text
from kopilka.engine.document.reading import read_document
from kopilka.services.rulebook_templates import template_names, template_text

TREES = [read_text(template_text(name)).tree for name in template_names()]

WORDS = st.sampled_from(["", "yes", "0", "-1", "100", "0.01", "1e9", "forever", "unit", "bonus", "18:00", "2026-02-30"])
SCALARS = st.one_of(WORDS, st.text(max_size=5), st.integers(), st.booleans(), st.none(), st.floats())
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(["all", "not", "percent", "bonus", "has"]), st.text(max_size=3)),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


def places(node):
    """Every mapping and list in a tree with the keys it has."""
    found = []
    if isinstance(node, dict | list):
        keys = list(node) if isinstance(node, dict) else range(len(node))
        for key in keys:
            found.append((node, key))
            found += places(node[key])
    return found


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_tree_is_read_to_an_end(data):
    tree = deepcopy(data.draw(st.sampled_from(TREES)))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(tree)))
        if isinstance(holder, dict) and data.draw(st.booleans()):
            holder[data.draw(st.sampled_from([*holder, "percent", "in", "group", "coupon", "new"]))] = data.draw(
                ANYTHING
            )
        else:
            holder[key] = data.draw(ANYTHING)

    document = read_document(tree)

    assert (document.rulebook is None) == any(problem.is_error for problem in document.problems)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_anything_at_all_is_read_to_an_end(tree):
    document = read_document(tree)

    assert document.rulebook is None
    assert document.problems


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.binary()))
def test_any_text_is_read_to_an_end(source):
    text = read_text(source)

    assert text.problems or text.tree is not None
