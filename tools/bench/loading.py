"""Driving the load: the little C program of ours, built once, fed with a template of one request."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
NUMBER, MARK, VALUE = "@" * 12, "#" * 8, "$" * 36


def build() -> Path:
    """Compile load.c into a temporary folder; gcc stands among what a fresh machine has."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not compiler:
        raise RuntimeError("a C compiler is needed to build the load generator: apt-get install gcc")
    target = Path(tempfile.mkdtemp(prefix="kopilka-load-")) / "load"
    subprocess.run([compiler, "-O2", "-o", str(target), str(HERE / "load.c")], check=True)
    return target


@dataclass(slots=True)
class Load:
    """One kind of request, sent again and again with fresh numbers and members drawn at random."""

    binary: Path
    values: str
    request: bytes
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="kopilka-load-")))

    def __post_init__(self) -> None:
        (self.folder / "request").write_bytes(self.request)
        (self.folder / "values").write_text(self.values)

    def run(self, port: int, connections: int, seconds: float) -> dict[str, float]:
        """Requests per second and latency quantiles in ms; a single failed request is an error."""
        command = [
            str(self.binary), str(port), str(connections), str(seconds),
            str(self.folder / "request"), str(self.folder / "values"), secrets.token_hex(4),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
        if done.returncode:
            raise RuntimeError(done.stderr)
        figures: dict[str, float] = json.loads(done.stdout)
        if figures["failures"]:
            raise RuntimeError(f"{figures['failures']} requests failed: {done.stderr}")
        return figures


def post(path: str, body: dict[str, object], key: str, *, idempotent: bool) -> bytes:
    """One request as bytes, with the placeholders that load.c fills in."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    head = [
        f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}", "Content-Type: application/json",
        "Accept-Language: ru", f"Content-Length: {len(content)}",
    ]  # fmt: skip
    if idempotent:
        head.append(f"Idempotency-Key: {MARK}-{NUMBER}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content
