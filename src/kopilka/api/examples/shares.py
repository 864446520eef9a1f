"""What the document says about friends, agents, employees and partners."""

from __future__ import annotations

from kopilka.api.examples.members import MEMBER_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

OTHER_ID = "0192f3a0-7b2f-7d4b-8e22-4a1a7c2d3e60"
ACCOUNT_ID = "0192f3a0-7b2f-7d4b-8e22-4a1a7c2d3e61"
OLGA_ID = "0192f3a0-7b2f-7d4b-8e22-4a1a7c2d3e62"

RELATION = {
    "member_id": MEMBER_ID, "inviter_id": OTHER_ID, "agent": "petr", "split": "", "segment": "", "until": None,
}  # fmt: skip

OLGA = {
    "id": OLGA_ID,
    "kind": "employee",
    "code": "olga",
    "name": "Ольга",
    "branch": "center",
    "active": True,
    "account_id": ACCOUNT_ID,
    "person_id": None,
    "created_at": "2026-03-01T10:15:00Z",
}

FIGURES = {
    "receipts": 40, "named": 36, "named_share": 9000, "turnover_minor": 5600000, "returned_minor": 120000,
    "enrolments": 3,
}  # fmt: skip

PREMIUM = {
    "goal": "quarter",
    "staff": "olga",
    "period": "2026-01-01",
    "premium_minor": 500000,
    "reached_at": "2026-03-14T18:05:00Z",
    "paid_at": None,
    "paid_minor": None,
    "paid_by": "",
    "note": "",
}

REFERRAL_CODE = Told(
    summary="Get a member's code for friends",
    description="Short, numeric unless the rules say letters, the same for ever; made when it is first asked for.",
    response={"member_id": MEMBER_ID, "code": "482913", "link": "?invited_by=482913"},
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
INVITER = Told(
    summary="Name who invited a member",
    description=(
        "After enrolment, until the first purchase, where the rules allow it (`referral.until_first_purchase`). A"
        " member has one inviter for ever; nobody invites himself or somebody who stands above him."
    ),
    request={"invited_by": "482913"},
    response={**RELATION, "agent": ""},
    errors=(Code.NOT_FOUND, Code.INVITER_REFUSED, Code.RULEBOOK_MISSING, Code.BUSY),
)
AGENT = Told(
    summary="Say whose customer a member is",
    description="He gets his share of every purchase from now on. A receipt that names another agent wins over it.",
    request={"agent": "petr"},
    response=RELATION,
    errors=(Code.NOT_FOUND, Code.INVALID),
)
SPLIT = Told(
    summary="Share otherwise with this member",
    description=(
        "One of the `splits` of a share holds for the member: for his next sale, for a time, or always, as the rulebook"
        " says. He is put into the segment the split is named for; afterwards the ordinary share returns."
    ),
    request={"share": "designer", "split": "client-10-agent-5"},
    response={**RELATION, "split": "client-10-agent-5", "segment": "ten-five"},
    errors=(Code.NOT_FOUND, Code.INVALID, Code.RULEBOOK_MISSING),
)
NETWORK = Told(
    summary="Totals of a member's network",
    description="Whom he brought, whom those brought, and so on, level by level: how many, how many bought, turnover.",
    response={
        "member_id": MEMBER_ID,
        "levels": [
            {"level": 1, "members": 2, "buyers": 2, "turnover_minor": 500000, "rewards": {"bonus": 50}},
            {"level": 2, "members": 7, "buyers": 3, "turnover_minor": 900000, "rewards": {"bonus": 45}},
        ],
    },
    errors=(Code.NOT_FOUND,),
)
NETWORK_MEMBERS = Told(
    summary="One level of a member's network",
    description="In the order of enrolment; `next` asks for the following page.",
    response={
        "items": [
            {
                "member_id": OTHER_ID, "inviter_id": MEMBER_ID, "name": "Артём", "enrolled_at": "2026-03-02T10:00:00Z",
                "referrals": 7, "purchases": 4, "spent_minor": 400000,
            }
        ],
        "next": None,
    },
    errors=(Code.NOT_FOUND,),
)  # fmt: skip
ADD = Told(
    summary="Add an employee, an agent or a partner",
    description=(
        "He gets shares of sales from now on, on an account of his own. `code` is how receipts name him; a partner's is"
        " that of the rulebook."
    ),
    request={"kind": "employee", "code": "olga", "name": "Ольга", "branch": "center"},
    response=OLGA,
    errors=(Code.INVALID, Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
BENEFICIARIES = Told(
    summary="List employees, agents and partners",
    description="In the order of kind and code; `next` asks for the following page.",
    response={"items": [OLGA], "next": None},
)
CHANGE_BENEFICIARY = Told(
    summary="Change or close a beneficiary",
    description="With `active: false` he gets nothing from new sales and keeps what he has.",
    request={"active": False},
    response={**OLGA, "active": False},
    errors=(Code.NOT_FOUND,),
)
STAFF_REPORT = Told(
    summary="Report on employees",
    description="What each did from `since` until `until`, both needed: deals, turnover, points, enrolments, the share"
    " of receipts that name a member.",
    response={"items": [{"code": "olga", "name": "Ольга", "figures": FIGURES, "points": {"staff": 112000}}]},
    errors=(Code.OUT_OF_RANGE, Code.INVALID),
)
STAFF = Told(
    summary="What an employee sees of himself",
    description="His points live, today, how far he is with each goal, his premiums.",
    response={
        "code": "olga",
        "name": "Ольга",
        "branch": "center",
        "active": True,
        "today": FIGURES,
        "balances": [{"currency": "staff", "decimals": 2, "available": 112000, "pending": 0, "debt": 0}],
        "goals": [
            {
                "goal": "quarter", "name": "Квартал", "period": "2026-01-01", "ends_at": "2026-04-01T00:00:00+03:00",
                "premium_minor": 500000, "currency": "staff", "points": 112000, "points_needed": 300000,
                "enrolments": 3, "enrolments_needed": None, "named_share": 9000, "named_share_needed": None,
                "is_reached": False,
            }
        ],
        "premiums": [PREMIUM],
    },
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)  # fmt: skip
PAYOUT = Told(
    summary="Mark a premium as paid",
    description="Who paid how much for which goal and period, once.",
    request={"goal": "quarter", "period": "2026-01-01", "paid_minor": 500000, "note": "касса"},
    response={
        **PREMIUM, "paid_at": "2026-04-02T09:00:00Z", "paid_minor": 500000, "paid_by": "офис", "note": "касса",
    },
    errors=(Code.NOT_FOUND, Code.INVALID),
)  # fmt: skip
PREMIUMS = Told(
    summary="List premiums that are still to be paid",
    description="Goals that were reached and whose premium nobody has marked as paid.",
    response={"items": [PREMIUM]},
)

RUSSIAN: dict[str, tuple[str, str]] = {
    "create_referral_code": (
        "Узнать код участника для друзей",
        "Короткий, из цифр, если правила не говорят о буквах, один на всю жизнь; создаётся при первом вопросе.",
    ),
    "create_inviter": (
        "Назвать пригласившего",
        "После регистрации, до первой покупки, если правила это разрешают (`referral.until_first_purchase`)."
        " Пригласивший один навсегда; никто не приглашает себя и того, кто стоит над ним.",
    ),
    "set_agent": (
        "Сказать, чей это клиент",
        "С этого времени агент получает свою долю с каждой покупки. Агент, названный в чеке, важнее.",
    ),
    "create_split": (
        "Поделить долю иначе",
        "Одно из делений (`splits`) доли действует для участника: на следующую продажу, на время или всегда, как"
        " сказано в правилах. Он попадает в сегмент этого деления; потом возвращается обычная доля.",
    ),
    "get_network": (
        "Итоги сети участника",
        "Кого он привёл, кого привели они и так далее, по уровням: сколько, сколько купили, оборот.",
    ),
    "get_network_members": ("Один уровень сети", "По времени регистрации; `next` — следующая страница."),
    "create_beneficiary": (
        "Добавить сотрудника, агента или партнёра",
        "С этого времени он получает доли с продаж на собственный счёт. `code` — как его называют чеки; у партнёра это"
        " код из правил.",
    ),
    "get_beneficiaries": (
        "Список сотрудников, агентов и партнёров",
        "По виду и коду; `next` — следующая страница.",
    ),
    "change_beneficiary_data": (
        "Изменить или закрыть получателя долей",
        "С `active: false` он не получает ничего с новых продаж и сохраняет, что есть.",
    ),
    "get_staff_report": (
        "Отчёт о сотрудниках",
        "Что каждый сделал с `since` до `until`, нужны оба: сделки, оборот, баллы, регистрации, доля чеков с"
        " участником.",
    ),
    "get_staff": (
        "Что сотрудник видит о себе",
        "Его баллы, сегодняшний день, сколько осталось до каждой цели, его премии.",
    ),
    "create_payout": ("Отметить премию выплаченной", "Кто, сколько, за какую цель и период, один раз."),
    "get_premiums": (
        "Невыплаченные премии",
        "Цели, которые достигнуты, а премию никто не отметил выплаченной.",
    ),
}
