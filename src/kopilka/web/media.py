"""Pictures and films of a program, whole or by ranges: phones play a film only when they can ask for parts of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kopilka.web.requests import PageRequest

YEAR = 365 * 24 * 3600
KINDS = {
    ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".mp4": "video/mp4", ".webm": "video/webm",
}  # fmt: skip
CHUNK = 1 << 16
PARTIAL, UNSATISFIABLE = 206, 416

_PICTURE = re.compile(r"[\w-]+\.(?:jpg|png|webp)")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def media(request: PageRequest, slug: str, name: str) -> HttpResponseBase:  # noqa: ARG001 - the middleware reads the slug
    """Names are made by us, so the path holds nothing to climb by."""
    kind = KINDS.get(Path(name).suffix)
    place = Path(settings.MEDIA_ROOT) / str(request.program.id) / name
    if kind is None or Path(name).name != name or not place.is_file():
        raise Http404
    size = place.stat().st_size
    wanted = _wanted(request.headers.get("Range", ""), size)
    if wanted is None:
        return _with_headers(HttpResponse(status=UNSATISFIABLE), kind, {"Content-Range": f"bytes */{size}"})
    first, last = wanted
    is_part = "Range" in request.headers and (first, last) != (0, size - 1)
    answer = StreamingHttpResponse(_parts(place, first, last), status=PARTIAL if is_part else 200)
    more = {"Content-Length": str(last - first + 1)}
    if is_part:
        more["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _with_headers(answer, kind, more)


def kept_picture(program_id: UUID, name: str) -> str:
    """The name of a picture that is really there to be shown; else empty."""
    if _PICTURE.fullmatch(name) is None:
        return ""
    return name if (Path(settings.MEDIA_ROOT) / str(program_id) / name).is_file() else ""


def _wanted(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte; all of it where the range is not one we know; None: it lies behind the end."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return 0, size - 1
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) <= end else None


def _parts(place: Path, first: int, last: int) -> Iterator[bytes]:
    with place.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _with_headers(answer: HttpResponseBase, kind: str, more: dict[str, str]) -> HttpResponseBase:
    """`identity` keeps the middleware from packing what is packed already, which would break ranges."""
    answer.headers["Content-Type"] = kind
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Encoding"] = "identity"
    for name, value in more.items():
        answer.headers[name] = value
    return answer
