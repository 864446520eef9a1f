"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, path

from kopilka.site.views import coupon, demo, home, invite, landing, posters, tags, texts

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="site-home"),
    path("demo/", demo.demo, name="site-demo"),
    path("demo/<slug:slug>/device/", demo.device, name="site-demo-device"),
    path("p/<slug:slug>/", landing.landing, name="site-landing"),
    path("p/<slug:slug>/i/<str:code>/", invite.invite, name="site-invite"),
    path("p/<slug:slug>/c/<str:code>/", coupon.coupon, name="site-coupon"),
    path("p/<slug:slug>/terms/", texts.terms, name="site-terms"),
    path("p/<slug:slug>/privacy/", texts.privacy, name="site-privacy"),
    path("p/<slug:slug>/ads/", texts.ads, name="site-ads"),
    path("p/<slug:slug>/posters/", posters.posters, name="site-posters"),
    path("p/<slug:slug>/poster/", posters.poster, name="site-poster"),
    path("p/<slug:slug>/poster.pdf", posters.poster_pdf, name="site-poster-pdf"),
    path("p/<slug:slug>/tags/", tags.tags, name="site-tags"),
    path("p/<slug:slug>/tags.pdf", tags.tags_pdf, name="site-tags-pdf"),
]
