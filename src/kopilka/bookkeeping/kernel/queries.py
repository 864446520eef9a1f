"""What the kernel reads: members with their lock, balances, lots, counters, and what was answered before."""

from __future__ import annotations

from kopilka.bookkeeping.kernel.query import Query
from kopilka.bookkeeping.kernel.rows import ColumnKind

UUID, INTEGER, TEXT, TIME, FLAG, BYTES = (
    ColumnKind.UUID, ColumnKind.INTEGER, ColumnKind.TEXT, ColumnKind.TIME, ColumnKind.FLAG, ColumnKind.BYTES,
)  # fmt: skip

# A reference is a member's id, or what he is recognised by. Rows are locked in the order of their ids.
MEMBERS = Query(
    """
    SELECT given.number, m.id, m.status, m.enrolled_at, m.tier, m.tags, m.segments, m.purchases, m.spent_minor,
        m.last_purchase_minor, m.last_purchase_at, m.referrals, m.link, m.tier_since
    FROM {given}
    LEFT JOIN kopilka_identifier AS i
        ON i.program_id = {program} AND i.kind = given.kind AND i.value = given.value
    CROSS JOIN kopilka_member AS m
    WHERE m.program_id = {program} AND m.id = coalesce(given.member_id, i.member_id)
    ORDER BY m.id
    """,
    takes=(("number", INTEGER), ("kind", TEXT), ("value", TEXT), ("member_id", UUID)),
    gives=(
        INTEGER, UUID, TEXT, TIME, TEXT, TEXT, TEXT, INTEGER, INTEGER, INTEGER, TIME, INTEGER, TEXT, TIME,
    ),
    locks="m",
)  # fmt: skip

BIRTH_DATES = Query(
    """
    SELECT p.member_id, CAST(p.birth_date AS text) FROM {given} CROSS JOIN kopilka_profile AS p
    WHERE p.program_id = {program} AND p.member_id = given.member_id AND p.birth_date IS NOT NULL
    """,
    takes=(("member_id", UUID),),
    gives=(UUID, TEXT),
)

WALLETS = Query(
    """
    SELECT w.member_id, w.id, w.currency, w.available, w.pending, w.held, w.debt, w.carry_num, w.carry_den
    FROM {given} CROSS JOIN kopilka_wallet AS w
    WHERE w.program_id = {program} AND w.member_id = given.member_id
    """,
    takes=(("member_id", UUID),),
    gives=(UUID, UUID, TEXT, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER),
)

_LOT = "l.id, l.amount, l.remaining, l.starts_at, l.expires_at, l.active, l.expired, l.purchase_id, l.grace"
_LOT_KINDS = (UUID, INTEGER, INTEGER, TIME, TIME, FLAG, INTEGER, UUID, FLAG)

# The condition on what remains keeps a member's spent lots, perhaps thousands, out of every purchase.
OPEN_LOTS = Query(
    f"""
    SELECT w.member_id, w.currency, {_LOT}
    FROM {{given}} CROSS JOIN kopilka_wallet AS w CROSS JOIN kopilka_lot AS l
    WHERE w.program_id = {{program}} AND w.member_id = given.member_id
        AND l.program_id = {{program}} AND l.wallet_id = w.id AND l.remaining > 0
    ORDER BY l.id
    """,
    takes=(("member_id", UUID),),
    gives=(UUID, TEXT, *_LOT_KINDS),
)

# The lots an operation drew on, spent ones too, with what it drew.
DRAWN_LOTS = Query(
    f"""
    SELECT d.operation_id, d.units, w.currency, {_LOT}
    FROM {{given}} CROSS JOIN kopilka_draw AS d CROSS JOIN kopilka_lot AS l CROSS JOIN kopilka_wallet AS w
    WHERE d.program_id = {{program}} AND d.operation_id = given.operation_id
        AND l.program_id = {{program}} AND l.id = d.lot_id AND w.program_id = {{program}} AND w.id = l.wallet_id
    ORDER BY l.id
    """,
    takes=(("operation_id", UUID),),
    gives=(UUID, INTEGER, TEXT, *_LOT_KINDS),
)

CODES = Query(
    """
    SELECT c.id, c.member_id, c.code_hash, c.tries_left, c.expires_at
    FROM {given} CROSS JOIN kopilka_membercode AS c
    WHERE c.program_id = {program} AND c.member_id = given.member_id AND c.used_at IS NULL
    ORDER BY c.created_at DESC
    """,
    takes=(("member_id", UUID),),
    gives=(UUID, UUID, BYTES, INTEGER, TIME),
)

KEYS = Query(
    """
    SELECT o.key_owner, o.key, o.fingerprint, o.kind, o.subject_id
    FROM {given} CROSS JOIN kopilka_operation AS o
    WHERE o.program_id = {program} AND o.key_owner = given.key_owner AND o.key = given.key
    """,
    takes=(("key_owner", UUID), ("key", TEXT)),
    gives=(UUID, TEXT, BYTES, TEXT, UUID),
)

RECEIPTS = Query(
    """
    SELECT p.source, p.external_id, p.fingerprint, p.id, p.member_id, p.at
    FROM {given} CROSS JOIN kopilka_purchase AS p
    WHERE p.program_id = {program} AND p.source = given.source AND p.external_id = given.external_id
    """,
    takes=(("source", TEXT), ("external_id", TEXT)),
    gives=(TEXT, TEXT, BYTES, UUID, UUID, TIME),
)

# A purchase's own operation bears the purchase's id.
PURCHASES = Query(
    """
    SELECT p.id, p.member_id, p.state, p.source, p.external_id, p.at, p.recorded_at, p.version, p.decision,
        o.language, o.status, o.answer
    FROM {given} CROSS JOIN kopilka_purchase AS p CROSS JOIN kopilka_operation AS o
    WHERE p.program_id = {program} AND p.id = given.id AND o.program_id = {program} AND o.id = p.id
    """,
    takes=(("id", UUID),),
    gives=(UUID, UUID, TEXT, TEXT, TEXT, TIME, TIME, INTEGER, TEXT, TEXT, INTEGER, TEXT),
    locks="p",
)

QUOTES = Query(
    """
    SELECT q.id, q.member_id, q.expires_at, q.version, q.receipt, q.decision
    FROM {given} CROSS JOIN kopilka_quote AS q
    WHERE q.program_id = {program} AND q.id = given.id
    """,
    takes=(("id", UUID),),
    gives=(UUID, UUID, TIME, INTEGER, TEXT, TEXT),
)

HOLDS = Query(
    """
    SELECT h.id, h.member_id, h.wallet_id, h.operation_id, h.purchase_id, h.units, h.captured, h.state, h.expires_at
    FROM {given} CROSS JOIN kopilka_hold AS h
    WHERE h.program_id = {program} AND h.id = given.id
    """,
    takes=(("id", UUID),),
    gives=(UUID, UUID, UUID, UUID, UUID, INTEGER, INTEGER, TEXT, TIME),
)

HOLDS_OF_PURCHASES = Query(
    """
    SELECT h.id, h.member_id, h.wallet_id, h.operation_id, h.purchase_id, h.units, h.captured, h.state, h.expires_at
    FROM {given} CROSS JOIN kopilka_operation AS o CROSS JOIN kopilka_hold AS h
    WHERE o.program_id = {program} AND o.id = given.id AND h.program_id = {program} AND h.operation_id = o.id
    ORDER BY h.id
    """,
    takes=(("id", UUID),),
    gives=(UUID, UUID, UUID, UUID, UUID, INTEGER, INTEGER, TEXT, TIME),
)

# Counters of limited rules: made when missing, then locked in the order of their keys.
NEW_COUNTERS = Query(
    """
    INSERT INTO kopilka_ruleuse (id, program_id, kind, code, member_id, used)
    SELECT given.id, {program}, given.kind, given.code, given.member_id, 0 FROM {given} WHERE true
    ORDER BY given.kind, given.code, given.member_id
    ON CONFLICT DO NOTHING
    """,
    takes=(("id", UUID), ("kind", TEXT), ("code", TEXT), ("member_id", UUID)),
    gives=(),
)

COUNTERS = Query(
    """
    SELECT u.id, u.kind, u.code, u.member_id, u.used FROM {given} CROSS JOIN kopilka_ruleuse AS u
    WHERE u.program_id = {program} AND u.kind = given.kind AND u.code = given.code
        AND (u.member_id = given.member_id OR (u.member_id IS NULL AND given.member_id IS NULL))
    ORDER BY u.kind, u.code, u.member_id
    """,
    takes=(("kind", TEXT), ("code", TEXT), ("member_id", UUID)),
    gives=(UUID, TEXT, TEXT, UUID, INTEGER),
    locks="u",
)
