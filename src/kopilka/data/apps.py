"""The one Django app with tables."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    name = "kopilka.data"
    label = "kopilka"
    default_auto_field = "django.db.models.BigAutoField"
