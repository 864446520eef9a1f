"""Pages by address. The API answers before Django is asked (kopilka.api.asgi)."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kopilka.web.urls")),
    path("till/", include("kopilka.till.urls")),
    path("kiosk/", include("kopilka.kiosk.urls")),
    path("card/", include("kopilka.card.urls")),
    path("", include("kopilka.site.urls")),
]

handler404 = "kopilka.web.views.page_not_found"
handler500 = "kopilka.web.views.server_error"
