"""Scripts, styles and pictures of the pages: where they come from, and the names browsers keep them by."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
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


def gather_files() -> bool:
    """Put all files into STATIC_ROOT under their lasting names, compressed; False when they are there already.

    What earlier versions left there stays: a page that is still open somewhere may ask for it.
    """
    note = Path(settings.STATIC_ROOT) / "gathered.txt"
    now = _fingerprint()
    if note.is_file() and note.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(now)
    return True


def _fingerprint() -> str:
    """Of the names, sizes and times of all files there are to gather."""
    known = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            place = Path(storage.path(name)).stat()
            known.update(f"{name} {place.st_size} {place.st_mtime_ns}\n".encode())
    return known.hexdigest()
