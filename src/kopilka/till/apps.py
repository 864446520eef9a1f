from django.apps import AppConfig


class TillConfig(AppConfig):
    name = "kopilka.till"
    label = "till"
