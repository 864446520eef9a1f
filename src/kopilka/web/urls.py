"""Addresses that all doors share."""

from django.urls import path
from django.views.i18n import set_language

from kopilka.web import look, media, views

urlpatterns = [
    path("language/", set_language, name="language"),
    path("look/", look.look, name="look-of-demo"),
    path("look/<slug:slug>/", look.look, name="look"),
    path("web/<slug:slug>/theme.css", views.theme, name="theme"),
    path("web/<slug:slug>/media/<str:name>", media.media, name="media"),
]
