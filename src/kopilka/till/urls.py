"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, path

from kopilka.till.views import (
    enrol,
    enrol_device,
    gift,
    manage,
    member,
    my_points,
    requests,
    returns,
    sale,
    shift,
    sign_in,
    slip,
    start,
    undo,
)

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
    # the sale
    path("<slug:slug>/", sale.sale, name="till-sale"),
    path("<slug:slug>/find/", sale.find, name="till-find"),
    path("<slug:slug>/quote/", sale.quote, name="till-quote"),
    path("<slug:slug>/confirm/", sale.confirm, name="till-confirm"),
    path("<slug:slug>/look/", sale.look, name="till-look"),
    path("<slug:slug>/catalogue/", sale.catalogue, name="till-catalogue"),
    path("<slug:slug>/receipt/<uuid:receipt>/", slip.slip, name="till-slip"),
    path("<slug:slug>/receipt/<uuid:receipt>/undo/", undo.undo, name="till-undo"),
    # the till's other acts
    path("<slug:slug>/enrol/", enrol.enrol, name="till-enrol"),
    path("<slug:slug>/member/<uuid:member_id>/", member.member, name="till-member"),
    path("<slug:slug>/member/<uuid:member_id>/pick/", member.pick, name="till-member-pick"),
    path("<slug:slug>/member/<uuid:member_id>/due/<str:currency>/", gift.due, name="till-due"),
    path("<slug:slug>/purchase/<uuid:purchase_id>/", member.purchase, name="till-purchase"),
    path("<slug:slug>/gift/", gift.gift, name="till-gift"),
    path("<slug:slug>/gift/<uuid:claim_id>/", gift.claim, name="till-claim"),
    path("<slug:slug>/coupon/", gift.coupon, name="till-coupon"),
    path("<slug:slug>/request/", requests.ask, name="till-request"),
    path("<slug:slug>/request/arrived/", requests.arrived, name="till-arrived"),
    path("<slug:slug>/request/<uuid:request_id>/withdraw/", requests.withdraw, name="till-withdraw"),
    path("<slug:slug>/return/", returns.find, name="till-return"),
    path("<slug:slug>/return/of/<uuid:purchase_id>/", returns.give_back, name="till-return-of"),
    path("<slug:slug>/returned/<uuid:return_id>/", returns.returned, name="till-returned"),
    path("<slug:slug>/shift/", shift.shift, name="till-shift"),
    path("<slug:slug>/my-points/", my_points.my_points, name="till-my-points"),
]
