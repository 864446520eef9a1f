"""Scripts, styles and pictures of the pages: where they come from, and the names browsers keep them by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

import kopilka

PACKAGES = {"npm/jsqr": "jsqr/dist"}
"""Folders of packages fetched at set-up, by the address their files are served under. All may be missing."""


def browser_packages() -> list[tuple[str, str]]:
    """What of PACKAGES is there, as STATICFILES_DIRS wants it."""
    fetched = Path(kopilka.__file__).resolve().parents[2] / "node_modules"
    return [(address, str(fetched / place)) for address, place in PACKAGES.items() if (fetched / place).is_dir()]


class PageFiles(CompressedManifestStaticFilesStorage):
    """Files gathered by `kopilka up` carry a fingerprint in their names; where none were gathered, plain names."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        cleaned = self.clean_name(name)
        known: Any = self.hashed_files.get(self.hash_key(cleaned))
        return str(known or cleaned)
