from django.apps import AppConfig


class KioskConfig(AppConfig):
    name = "kopilka.kiosk"
    label = "kiosk"
