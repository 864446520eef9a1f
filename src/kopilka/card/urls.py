"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, path

from kopilka.card.views import demo_codes, history, home, install, join, login, start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="card-start"),
    path("<slug:slug>/", home.home, name="card-home"),
    path("<slug:slug>/login/", login.login, name="card-login"),
    path("<slug:slug>/login/code/", login.code, name="card-code"),
    path("<slug:slug>/login/again/", login.again, name="card-code-again"),
    path("<slug:slug>/login/join/", join.join, name="card-join"),
    path("<slug:slug>/codes/", demo_codes.demo_codes, name="card-demo-codes"),
    path("<slug:slug>/logout/", login.logout, name="card-logout"),
    path("<slug:slug>/open/<str:token>/", login.open_link, name="card-link"),
    path("<slug:slug>/history/", history.history, name="card-history"),
    path("<slug:slug>/rules/", home.rules, name="card-rules"),
    path("<slug:slug>/install/", install.install, name="card-install"),
    path("<slug:slug>/offline/", install.offline, name="card-offline"),
    path("<slug:slug>/alive/", install.alive, name="card-alive"),
    path("<slug:slug>/sw.js", install.worker, name="card-sw"),
    path("<slug:slug>/manifest.webmanifest", install.manifest, name="card-manifest"),
    path("<slug:slug>/icon-<int:size>.png", install.icon, name="card-icon"),
]
