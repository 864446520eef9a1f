from kopilka.data.models import (  # noqa: F401 - Django finds the tables through this module
    access,
    club,
    events,
    holds,
    imports,
    ledger,
    links,
    members,
    programs,
    purchases,
    rulebooks,
    segments,
)
