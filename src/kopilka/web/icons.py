"""Our own drawings, on a grid of 24 by 24, in the colour of the text around them."""

# ruff: noqa: E501 - a drawing is one long word
from __future__ import annotations

_STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


def _drawn(*paths: str) -> str:
    return "".join(f'<path {_STROKE} d="{path}"/>' for path in paths)


ICONS = {
    "pig": _drawn(
        "M4 13a7 5.5 0 0 1 7-5.5h3l3-2.5v3.4a5 5 0 0 1 2 2.6h2v4h-2.3a6 6 0 0 1-1.7 2V20h-3v-1.6h-4V20H7v-3a5 5 0 0 1-3-4Z",
        "M10 11h4",
        "M16.5 12v.01",
    ),
    "place": _drawn(
        "M12 21s-6.500-6.200-6.500-11a6.500 6.500 0 0 1 13 0c0 4.800-6.500 11-6.500 11z",
        "M12 12.500a2.500 2.500 0 1 0 0-5a2.500 2.500 0 0 0 0 5z",
    ),
    "card": _drawn("M3 6h18v12H3z", "M3 10h18", "M7 14.5h4"),
    "gift": _drawn(
        "M4 11h16v9H4z", "M3 7h18v4H3z", "M12 7v13", "M12 7c-5 0-5-4-2.5-4S12 7 12 7Zm0 0c5 0 5-4 2.5-4S12 7 12 7Z"
    ),
    "history": _drawn("M4 12a8 8 0 1 0 2.5-5.8", "M4 4v4h4", "M12 8v4l3 2"),
    "friends": _drawn(
        "M9 11a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z", "M3 20c0-4 2.5-6 6-6s6 2 6 6", "M18 8v6", "M15 11h6"
    ),
    "news": _drawn("M4 5h13v14H6a2 2 0 0 1-2-2z", "M17 9h3v8a2 2 0 0 1-2 2", "M7 9h6", "M7 12.5h6", "M7 16h4"),
    "chat": _drawn("M4 5h16v11H10l-4 4v-4H4z", "M8 9.5h8", "M8 12.5h5"),
    "person": _drawn("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z", "M4 21c0-4.5 3.2-7 8-7s8 2.5 8 7"),
    "settings": _drawn("M4 7h9", "M17 7h3", "M15 4.8v4.4", "M4 17h3", "M11 17h9", "M9 14.8v4.4", "M4 12h16"),
    "search": _drawn("M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z", "m15.5 15.5 5 5"),
    "camera": _drawn("M3 8h4l2-3h6l2 3h4v11H3z", "M12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z"),
    "check": _drawn("m4.5 12.5 5 5 10-11"),
    "cross": _drawn("M6 6l12 12", "M18 6 6 18"),
    "warning": _drawn("M12 4 2.8 20h18.4z", "M12 10v4.5", "M12 17.5v.01"),
    "info": _drawn("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 11v5.5", "M12 7.5v.01"),
    "back": _drawn("M15 5l-7 7 7 7"),
    "next": _drawn("m9 5 7 7-7 7"),
    "plus": _drawn("M12 5v14", "M5 12h14"),
    "minus": _drawn("M5 12h14"),
    "print": _drawn("M7 9V4h10v5", "M5 9h14v8h-2v3H7v-3H5z", "M9 16h6"),
    "return": _drawn("M4 9h10a5 5 0 0 1 0 10H9", "M8 5 4 9l4 4"),
    "till": _drawn("M5 12h14l1 8H4z", "M8 12V5h8v7", "M8 16h.01", "M12 16h.01", "M16 16h.01"),
    "lock": _drawn("M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"),
    "leave": _drawn("M14 4H5v16h9", "M10 12h10", "m16.5 8.5 3.5 3.5-3.5 3.5"),
    "offline": _drawn("M4 9.5A12 12 0 0 1 20 9.5", "M7.5 13.5a7 7 0 0 1 9 0", "M12 18v.01", "M4 4l16 16"),
    "star": _drawn("m12 4 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z"),
    "clock": _drawn("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 7v5l3.5 2"),
    "coupon": _drawn(
        "M3 7h18v3.5a1.7 1.7 0 0 0 0 3.4V17H3v-3.1a1.7 1.7 0 0 0 0-3.4z", "M14 7.5v1.2", "M14 11.4v1.2", "M14 15.3v1.2"
    ),
    "share": _drawn("M12 15V4", "m8 8 4-4 4 4", "M5 12v8h14v-8"),
    "copy": _drawn("M9 9h11v11H9z", "M15 9V4H4v11h5"),
    "sun": _drawn(
        "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
        "M12 3v2",
        "M12 19v2",
        "M3 12h2",
        "M19 12h2",
        "m5.6 5.6 1.5 1.5",
        "m16.9 16.9 1.5 1.5",
        "m5.6 18.4 1.5-1.5",
        "m16.9 7.1 1.5-1.5",
    ),
    "language": _drawn(
        "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M3 12h18", "M12 3c3 3 3 15 0 18", "M12 3c-3 3-3 15 0 18"
    ),
    "trash": _drawn("M4 7h16", "M9 7V4h6v3", "M6.5 7l1 13h9l1-13"),
    "download": _drawn("M12 4v11", "m8 11 4 4 4-4", "M5 20h14"),
    "family": _drawn(
        "M8 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
        "M17 11.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z",
        "M2.5 20c0-4.3 2.2-6.5 5.5-6.5s5.5 2.2 5.5 6.5",
        "M16 14.5c3.4-.4 5.5 1.7 5.5 5.5",
    ),
    "backspace": _drawn("M9 6h12v12H9l-6-6z", "m12.5 9.5 5 5", "m17.5 9.5-5 5"),
}
"""By name; each also stands on the page of the look, where a person can see them all."""
