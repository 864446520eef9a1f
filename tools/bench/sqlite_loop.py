"""The other side on SQLite: a plain loop, the same rows, one durable transaction each, no framework."""

# ruff: noqa: E501 - one statement stays on one line, as it goes over the wire

from __future__ import annotations

import random
import sqlite3
import time
from uuid import UUID

from kopilka.data.ids import new_id
from tools.bench.seed import MEMBER_BASE, WALLET_BASE


class PlainLoop:
    """One connection, WAL, synchronous=FULL, BEGIN IMMEDIATE ... COMMIT for every purchase."""

    def __init__(self, path: str, program: UUID, members: int, receipt: str, decision: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.program, self.members = program.hex, members
        self.receipt, self.decision = receipt, decision
        self.random = random.Random(7)  # noqa: S311 - choosing a member is no secret

    def run(self, seconds: float) -> dict[str, float]:
        """Purchases per second over `seconds`."""
        done, begun = 0, time.perf_counter()
        end = begun + seconds
        while time.perf_counter() < end:
            self._purchase()
            done += 1
        return {"per_second": done / (time.perf_counter() - begun)}

    def _purchase(self) -> None:
        number = self.random.randint(1, self.members)
        member, wallet = UUID(int=MEMBER_BASE + number).hex, UUID(int=WALLET_BASE + number).hex
        operation, purchase, at = new_id().hex, new_id().hex, "2026-01-01 00:00:00"
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        execute(
            "SELECT id, status, tier, purchases, spent_minor, tags, segments FROM kopilka_member WHERE program_id=? AND id=?",
            (self.program, member),
        ).fetchone()
        execute(
            "SELECT id, available, carry_num, carry_den FROM kopilka_wallet WHERE program_id=? AND member_id=? AND currency='bonus'",
            (self.program, member),
        ).fetchone()
        execute("INSERT INTO kopilka_operation (id, program_id, kind, member_id, subject_id, at, recorded_at, actor_kind, actor_id, actor_name, reason, request_id, key_owner, key, fingerprint, language, status) VALUES (?,?,'purchase',?,?,?,?,'key',?,'bench','','',?,?,?,'ru',201)",
                (operation, self.program, member, purchase, at, at, self.program, self.program, new_id().hex, b"x" * 32))  # fmt: skip
        execute("INSERT INTO kopilka_purchase (id, program_id, member_id, state, source, external_id, fingerprint, branch, till, staff, agent, origin, at, recorded_at, version, net_minor, paid_minor, receipt, decision, returned_minor) VALUES (?,?,?,'confirmed','till:1',?,?,'main','1','','','till',?,?,1,100000,100000,?,?,0)",
                (purchase, self.program, member, new_id().hex, b"x" * 32, at, at, self.receipt, self.decision))  # fmt: skip
        execute("INSERT INTO kopilka_lot (id, program_id, wallet_id, operation_id, purchase_id, amount, remaining, expired, starts_at, expires_at, active, grace) VALUES (?,?,?,?,?,50,50,0,?,?,1,0)",
                (new_id().hex, self.program, wallet, operation, purchase, at, "2027-01-01 00:00:00"))  # fmt: skip
        for account, owner, units in (("available", wallet, 50), ("expense", None, -50)):
            execute("INSERT INTO kopilka_ledgerentry (id, program_id, operation_id, wallet_id, account, currency, units, at) VALUES (?,?,?,?,?,'bonus',?,?)",
                    (new_id().hex, self.program, operation, owner, account, units, at))  # fmt: skip
        execute(
            "UPDATE kopilka_wallet SET available = available + 50 WHERE program_id=? AND id=?", (self.program, wallet)
        )
        execute(
            "UPDATE kopilka_member SET purchases = purchases + 1, spent_minor = spent_minor + 100000, last_purchase_minor = 100000, last_purchase_at = ? WHERE program_id=? AND id=?",
            (at, self.program, member),
        )
        execute("INSERT INTO kopilka_event (id, program_id, kind, member_id, subject_id, payload, at) VALUES (?,?,'purchase_confirmed',?,?,'',?)",
                (new_id().hex, self.program, member, purchase, at))  # fmt: skip
        execute("COMMIT")
