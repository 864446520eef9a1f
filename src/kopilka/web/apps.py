from django.apps import AppConfig
from django.conf import settings


class WebConfig(AppConfig):
    name = "kopilka.web"
    label = "web"

    def ready(self) -> None:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whoever serves it complains when it is missing
