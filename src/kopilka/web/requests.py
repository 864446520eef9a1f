"""A page's request as our middleware leaves it: the program, the moment and the language are known."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.page_settings import PageSettingsView, page_settings
from kopilka.queries.programs import ProgramView
from kopilka.services.rules_in_force import rulebook_in_force
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import Vocabulary, plain_vocabulary, vocabulary_of

IPV6_NETWORK_BITS = 64


class PageRequest(HttpRequest):
    """`at` is the moment of the request, read once. `program` is that of the address, where it names one."""

    at: datetime
    language: Language
    program: ProgramView
    kept_rulebook: Rulebook | None
    kept_pages: PageSettingsView


def rulebook_of(request: PageRequest) -> Rulebook | None:
    """The program's rules of this moment, asked for once in a request; None before any were published."""
    if not hasattr(request, "kept_rulebook"):
        try:
            request.kept_rulebook = rulebook_in_force(request.program)
        except Refusal:
            request.kept_rulebook = None
    return request.kept_rulebook


def words_of(request: PageRequest) -> Vocabulary:
    """Names and figures of the program in the reader's language."""
    rulebook = rulebook_of(request) if hasattr(request, "program") else None
    return vocabulary_of(rulebook, request.language) if rulebook else plain_vocabulary(request.language)


def pages_of(request: PageRequest) -> PageSettingsView:
    """How the program's pages look and behave, asked for once in a request."""
    if not hasattr(request, "kept_pages"):
        request.kept_pages = page_settings(request.program.id)
    return request.kept_pages


def address_of(request: HttpRequest, name: str, **parts: object) -> str:
    """The whole address of a page, as it stands in QR codes and messages."""
    path = reverse(name, kwargs=parts)
    return settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)


def network_of(request: HttpRequest) -> str:
    """Where a request came from, as limits count it: the IPv4 address, the /64 network of an IPv6 one.

    X-Forwarded-For is believed from TRUSTED_PROXIES only: the last address there that is not one of them.
    """
    place = request.META.get("REMOTE_ADDR", "")
    if place in settings.TRUSTED_PROXIES:
        told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        place = next((one for one in reversed(told) if one and one not in settings.TRUSTED_PROXIES), place)
    try:
        address = ip_address(place)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(int(address) >> (128 - IPV6_NETWORK_BITS))
    return str(address)
