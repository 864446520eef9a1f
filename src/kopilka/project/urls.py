"""Pages by address. The API answers before Django is asked (kopilka.api.asgi)."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

# Until there are pages for people, whoever opens the address is shown what can be asked of it.
urlpatterns: list[URLPattern | URLResolver] = [path("", RedirectView.as_view(url="/api/docs"))]
