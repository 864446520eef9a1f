"""Pages by address. The API answers before Django is asked (kopilka.api.asgi)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
