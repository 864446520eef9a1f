"""A page to leaf through the pictures."""

from __future__ import annotations

from html import escape
from pathlib import Path

STYLE = (
    "body{font:16px system-ui;margin:2rem;background:#eee}h2{margin:2rem 0 .5rem}"
    ".row{display:flex;gap:1rem;overflow-x:auto;align-items:start}"
    "figure{margin:0}figcaption{font-size:12px}img{height:420px;border:1px solid #bbb;background:#fff}"
)


def write_album(folder: Path) -> Path:
    """All pictures of the folder, by page: <page>/<size>-<theme>-<language>.png."""
    parts = []
    for page in sorted(place for place in folder.iterdir() if place.is_dir()):
        pictures = "".join(_figure(folder, picture) for picture in sorted(page.glob("*.png")))
        parts.append(f'<h2 id="{escape(page.name)}">{escape(page.name)}</h2><div class="row">{pictures}</div>')
    text = f'<!doctype html><meta charset="utf-8"><title>Pages</title><style>{STYLE}</style>{"".join(parts)}'
    place = folder / "index.html"
    place.write_text(text, encoding="utf-8")
    return place


def _figure(folder: Path, picture: Path) -> str:
    path, name = escape(picture.relative_to(folder).as_posix()), escape(picture.stem)
    picture_of = f'<a href="{path}"><img loading="lazy" src="{path}" alt=""></a>'
    return f"<figure>{picture_of}<figcaption>{name}</figcaption></figure>"
