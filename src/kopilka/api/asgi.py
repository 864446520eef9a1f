"""The application of one process: the API and the pages on one port. `kopilka.api.server` serves it."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
django.setup()

from a2wsgi import WSGIMiddleware  # noqa: E402 - the settings come first: they choose the SQLite library
from django.core.wsgi import get_wsgi_application  # noqa: E402

from kopilka.api.door import Door  # noqa: E402
from kopilka.api.turns import LONG, turns  # noqa: E402
from kopilka.api.workers import close_pool  # noqa: E402

PAGE_THREADS = 2
"""Pages are short, and every thread that computes takes time from the tills."""

# What is loaded now stays: the collector need not look at it again, nor look so often while tills are served.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)

sys.setswitchinterval(LONG)

_pages = WSGIMiddleware(get_wsgi_application(), workers=PAGE_THREADS)  # type: ignore[arg-type]


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Django."""
    with turns:
        await _pages(scope, receive, send)


application = Door(pages)
application.litestar.on_shutdown.append(lambda: close_pool(_pages.executor, PAGE_THREADS))
