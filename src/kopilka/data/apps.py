"""The one Django app with tables."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from kopilka.data.row_counts import tell_row_counts


class DataConfig(AppConfig):
    name = "kopilka.data"
    label = "kopilka"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(tell_row_counts, sender=self)
