from kopilka.engine.ledger import Kind
from kopilka.wording.history import history_title
from kopilka.wording.languages import Language

SILENT = {Kind.ENROL, Kind.CHANGE, Kind.PUBLISH, Kind.NOTE}
"""Acts that move no points."""


def test_every_act_that_moves_points_has_a_name():
    unnamed = {kind for kind in Kind if history_title(kind, Language.RU) == "Изменение"}

    assert unnamed == SILENT
    assert history_title("purchase", Language.EN) == "Purchase"
