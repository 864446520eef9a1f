"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, path

from kopilka.kiosk.views import start, visit

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="kiosk-start"),
    path("<slug:slug>/device/", start.enrol_device, name="kiosk-enrol-device"),
    path("<slug:slug>/", visit.home, name="kiosk-home"),
    path("<slug:slug>/begin/", visit.begin, name="kiosk-begin"),
    path("<slug:slug>/rest/", visit.rest, name="kiosk-rest"),
    path("<slug:slug>/wipe/", visit.wipe, name="kiosk-wipe"),
    path("<slug:slug>/phone/", visit.phone, name="kiosk-phone"),
    path("<slug:slug>/about-you/", visit.person, name="kiosk-person"),
    path("<slug:slug>/consents/", visit.consents, name="kiosk-consents"),
    path("<slug:slug>/card/", visit.card, name="kiosk-card"),
]
