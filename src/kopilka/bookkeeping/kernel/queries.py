"""What the kernel reads: members with their lock, balances, lots, counters, and what was answered before."""

from __future__ import annotations

from kopilka.bookkeeping.kernel.query import Query, Step
from kopilka.bookkeeping.kernel.rows import ColumnKind

UUID, INTEGER, TEXT, TIME, FLAG, BYTES = (
    ColumnKind.UUID, ColumnKind.INTEGER, ColumnKind.TEXT, ColumnKind.TIME, ColumnKind.FLAG, ColumnKind.BYTES,
)  # fmt: skip

_OF_MEMBER = (("member_id", UUID),)
_BY_ID = (("id", UUID),)

# A reference is a member's id, or what he is recognised by.
_REFERENCES = Query(
    "given.number AS number, coalesce(given.member_id, i.member_id) AS member_id",
    takes=(("number", INTEGER), ("kind", TEXT), ("value", TEXT), ("member_id", UUID)),
    steps=(Step("i", "kopilka_identifier", "i.kind = given.kind AND i.value = given.value", optional=True),),
    gives=(INTEGER, UUID),
    order_by="2",
)

# Locked in the order of their ids.
MEMBERS = Query(
    "given.number, m.id, m.status, m.enrolled_at, m.tier, m.tags, m.segments, m.purchases, m.spent_minor,"
    " m.last_purchase_minor, m.last_purchase_at, m.referrals, m.link, m.tier_since,"
    " m.inviter_id, m.agent, m.tier_until, m.tier_lowered_at",
    takes=_REFERENCES.takes,
    steps=(Step("m", "kopilka_member", "m.id = given.member_id"),),
    gives=(
        INTEGER, UUID, TEXT, TIME, TEXT, TEXT, TEXT, INTEGER, INTEGER, INTEGER, TIME, INTEGER, TEXT, TIME, UUID, TEXT,
        TIME, TIME,
    ),
    locks="m",
    given=_REFERENCES,
)  # fmt: skip

BIRTH_DATES = Query(
    "p.member_id, CAST(p.birth_date AS text)",
    takes=_OF_MEMBER,
    steps=(Step("p", "kopilka_profile", "p.member_id = given.member_id AND p.birth_date IS NOT NULL"),),
    gives=(UUID, TEXT),
)

_WALLET = "w.member_id, w.id, w.currency, w.available, w.pending, w.held, w.debt, w.carry_num, w.carry_den"
_OF_WALLET = (Step("w", "kopilka_wallet", "w.member_id = given.member_id"),)
_WALLET_KINDS = (UUID, UUID, TEXT, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER)

WALLETS = Query(_WALLET, _OF_MEMBER, _OF_WALLET, _WALLET_KINDS)

# Of members as they are referred to, before anybody knows who they are.
WALLETS_NAMED = Query(_WALLET, _REFERENCES.takes, _OF_WALLET, _WALLET_KINDS, given=_REFERENCES)

_LOT = "l.id, l.amount, l.remaining, l.starts_at, l.expires_at, l.active, l.expired, l.purchase_id, l.grace"
_LOT_KINDS = (UUID, INTEGER, INTEGER, TIME, TIME, FLAG, INTEGER, UUID, FLAG)

# The condition on what remains keeps a member's spent lots, perhaps thousands, out of every purchase.
OPEN_LOTS = Query(
    f"w.member_id, w.currency, {_LOT}",
    takes=_OF_MEMBER,
    steps=(
        Step("w", "kopilka_wallet", "w.member_id = given.member_id"),
        Step("l", "kopilka_lot", "l.wallet_id = w.id AND l.remaining > 0"),
    ),
    gives=(UUID, TEXT, *_LOT_KINDS),
    order_by="l.id",
)

# The lots an operation drew on, spent ones too, with what it drew.
DRAWN_LOTS = Query(
    f"d.operation_id, d.units, w.currency, {_LOT}",
    takes=(("operation_id", UUID),),
    steps=(
        Step("d", "kopilka_draw", "d.operation_id = given.operation_id"),
        Step("l", "kopilka_lot", "l.id = d.lot_id"),
        Step("w", "kopilka_wallet", "w.id = l.wallet_id"),
    ),
    gives=(UUID, INTEGER, TEXT, *_LOT_KINDS),
    order_by="d.id",
)

CODES = Query(
    "c.id, c.member_id, c.code_hash, c.tries_left, c.expires_at",
    takes=_OF_MEMBER,
    steps=(Step("c", "kopilka_membercode", "c.member_id = given.member_id AND c.used_at IS NULL"),),
    gives=(UUID, UUID, BYTES, INTEGER, TIME),
    order_by="c.created_at DESC",
)

KEYS = Query(
    "o.key_owner, o.key, o.fingerprint, o.kind, o.subject_id",
    takes=(("key_owner", UUID), ("key", TEXT)),
    steps=(Step("o", "kopilka_operation", "o.key_owner = given.key_owner AND o.key = given.key"),),
    gives=(UUID, TEXT, BYTES, TEXT, UUID),
)

RECEIPTS = Query(
    "p.source, p.external_id, p.fingerprint, p.id, p.member_id, p.at",
    takes=(("source", TEXT), ("external_id", TEXT)),
    steps=(Step("p", "kopilka_purchase", "p.source = given.source AND p.external_id = given.external_id"),),
    gives=(TEXT, TEXT, BYTES, UUID, UUID, TIME),
)

# A purchase's own operation bears the purchase's id.
PURCHASES = Query(
    "p.id, p.member_id, p.state, p.source, p.external_id, p.at, p.recorded_at, p.version, p.decision,"
    " o.language, o.status, o.answer",
    takes=_BY_ID,
    steps=(Step("o", "kopilka_operation", "o.id = given.id"), Step("p", "kopilka_purchase", "p.id = o.id")),
    gives=(UUID, UUID, TEXT, TEXT, TEXT, TIME, TIME, INTEGER, TEXT, TEXT, INTEGER, TEXT),
    locks="p",
)

QUOTES = Query(
    "q.id, q.member_id, q.expires_at, q.version, q.receipt, q.decision",
    takes=_BY_ID,
    steps=(Step("q", "kopilka_quote", "q.id = given.id"),),
    gives=(UUID, UUID, TIME, INTEGER, TEXT, TEXT),
)

_HOLD = "h.id, h.member_id, h.wallet_id, h.operation_id, h.purchase_id, h.units, h.captured, h.state, h.expires_at"
_HOLD_KINDS = (UUID, UUID, UUID, UUID, UUID, INTEGER, INTEGER, TEXT, TIME)

HOLDS = Query(_HOLD, _BY_ID, (Step("h", "kopilka_hold", "h.id = given.id"),), _HOLD_KINDS)

# Those of an open purchase: its own operation made them.
HOLDS_OF_PURCHASES = Query(
    _HOLD, _BY_ID, (Step("h", "kopilka_hold", "h.operation_id = given.id"),), _HOLD_KINDS, order_by="h.id"
)

# Counters of limited rules, given (and so locked) in the order of their keys.
COUNTERS = Query(
    "u.id, u.kind, u.code, u.member_id, u.used",
    takes=(("kind", TEXT), ("code", TEXT), ("member_id", UUID)),
    steps=(
        Step(
            "u",
            "kopilka_ruleuse",
            "u.kind = given.kind AND u.code = given.code"
            " AND (u.member_id = given.member_id OR (u.member_id IS NULL AND given.member_id IS NULL))",
        ),
    ),
    gives=(UUID, TEXT, TEXT, UUID, INTEGER),
    locks="u",
)
