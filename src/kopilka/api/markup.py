"""The little Markdown that our own descriptions use, as HTML."""

from __future__ import annotations

import re
from html import escape

_CODE = re.compile(r"`([^`]+)`")


def marked(text: str) -> str:
    """`code` becomes code; everything else is literal."""
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))
