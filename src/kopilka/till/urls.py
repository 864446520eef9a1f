"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, path

from kopilka.till.views import enrol_device, manage, sign_in, start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="till-start"),
    path("<slug:slug>/device/", enrol_device.enrol, name="till-enrol-device"),
    path("<slug:slug>/sign-in/", sign_in.enter, name="till-sign-in"),
    path("<slug:slug>/sign-out/", sign_in.leave, name="till-sign-out"),
    path("<slug:slug>/manage/", manage.manage, name="till-manage"),
    path("<slug:slug>/manage/till/", manage.new_till, name="till-manage-new-till"),
    path("<slug:slug>/manage/kiosk/", manage.new_kiosk, name="till-manage-new-kiosk"),
    path("<slug:slug>/manage/device/<uuid:device>/", manage.revoke, name="till-manage-revoke"),
    path("<slug:slug>/manage/person/<path:code>/take/", manage.take_pin, name="till-manage-take-pin"),
    path("<slug:slug>/manage/person/<path:code>/", manage.person, name="till-manage-person"),
]
