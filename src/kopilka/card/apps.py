from django.apps import AppConfig


class CardConfig(AppConfig):
    name = "kopilka.card"
    label = "card"
