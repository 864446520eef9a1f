from kopilka.data.models import (  # noqa: F401 - Django finds the tables through this module
    access,
    events,
    holds,
    imports,
    ledger,
    members,
    programs,
    purchases,
    rulebooks,
)
