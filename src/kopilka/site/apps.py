from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "kopilka.site"
    label = "site"
