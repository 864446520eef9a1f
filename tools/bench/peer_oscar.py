"""The other side of goal 6: django-oscar's Applicator on a basket of five lines and three offers, SQLite in memory.

Runs under a Python that has django-oscar (it is not one of our packages): `PYTHON tools/bench/peer_oscar.py ROUNDS` prints
microseconds per basket, one line of JSON.
"""

# ruff: noqa: E501, N806, ANN - a measuring script: commands and bodies stand on one line, chance is no secret

from __future__ import annotations

import json
import re
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def oscar_apps() -> list[str]:
    """Every app that the installed package defines, by its configuration class."""
    import oscar

    home = Path(oscar.__file__).parent
    found = []
    for file in sorted((home / "apps").rglob("apps.py")):
        module = "oscar." + ".".join(file.relative_to(home).with_suffix("").parts)
        found += [
            f"{module}.{name}" for name in re.findall(r"^class (\w+(?<!Only)Config)\(", file.read_text(), re.MULTILINE)
        ]
    return found


def start() -> None:
    from oscar.defaults import __dict__ as defaults

    settings.configure(
        **{name: value for name, value in defaults.items() if name.startswith("OSCAR_")},
        SECRET_KEY="bench",  # noqa: S106 - a database in memory
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
            "django.contrib.messages", "django.contrib.flatpages", "oscar.config.Shop", *oscar_apps(),
            "widget_tweaks", "haystack", "treebeard", "django_tables2",
        ],
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
        SITE_ID=1, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", ROOT_URLCONF="oscar", STATIC_URL="/static/",
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, run_syncdb=True)


def basket() -> Any:
    from django.apps import apps
    from oscar.core.loading import get_class, get_model

    product_class = apps.get_model("catalogue", "ProductClass").objects.create(name="goods", track_stock=False)
    partner = apps.get_model("partner", "Partner").objects.create(name="partner")
    Product, StockRecord = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
    made = get_model("basket", "Basket").objects.create()
    made.strategy = get_class("partner.strategy", "Default")()
    for number in range(5):
        product = Product.objects.create(product_class=product_class, title=f"article {number}", upc=str(number))
        StockRecord.objects.create(
            product=product, partner=partner, partner_sku=str(number), price=Decimal("100.00") + number
        )
        made.add_product(product, quantity=2)
    return made


def offers(count: int) -> None:
    from oscar.core.loading import get_model

    Range, Condition, Benefit, Offer = (
        get_model("offer", name) for name in ("Range", "Condition", "Benefit", "ConditionalOffer")
    )
    everything = Range.objects.create(name="everything", includes_all_products=True)
    for number in range(count):
        condition = Condition.objects.create(range=everything, type="Value", value=Decimal("50.00"))
        benefit = Benefit.objects.create(range=everything, type="Percentage", value=Decimal(5 + number))
        Offer.objects.create(name=f"offer {number}", condition=condition, benefit=benefit, exclusive=False)


def main() -> None:
    rounds = int(sys.argv[1])
    start()
    from oscar.core.loading import get_class

    made = basket()
    offers(3)
    applicator = get_class("offer.applicator", "Applicator")()
    applicator.apply(made)
    begun = time.perf_counter()
    for _ in range(rounds):
        made.reset_offer_applications()
        applicator.apply(made)
    print(
        json.dumps({"microseconds": (time.perf_counter() - begun) / rounds * 1e6, "discount": str(made.total_discount)})
    )


if __name__ == "__main__":
    main()
