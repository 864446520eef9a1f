"""What members are asked to agree to, in our own words, until a program publishes texts of its own.

Plain paragraphs, parted by an empty line. `{program}` and `{contacts}` are filled in; a lawyer of the business should
read them before the first member does.
"""

from __future__ import annotations

from kopilka.wording.languages import Language

TITLES = {
    "terms": ("Условия программы", "Terms of the program"),
    "privacy": ("Согласие на обработку персональных данных", "Consent to the use of personal data"),
    "ads": ("Согласие на рекламные сообщения", "Consent to advertising"),
}
CHANNEL_NAMES = {
    "sms": ("SMS и звонки", "text messages and calls"),
    "email": ("электронная почта", "e-mail"),
    "messenger": ("мессенджеры", "messengers"),
    "push": ("уведомления на телефоне", "notifications on the phone"),
}

PACKAGE = {
    ("terms", Language.RU): """\
Участвовать в программе «{program}» можно бесплатно. Участником становится тот, кто назвал свой телефон, карту или \
адрес почты и согласился с этими условиями.

Баллы начисляются за покупки и тратятся по правилам, которые открыты на странице программы. Баллы не деньги: их \
нельзя получить наличными или продать. Срок жизни баллов указан в правилах и в карте участника.

При возврате покупки начисленные за неё баллы снимаются, а потраченные на неё возвращаются.

Карта личная. Если кто-то узнал ваш код или нашёл ваш телефон, сообщите нам, и мы закроем карту. Если картой \
пользуются нечестно, мы можем её остановить и назвать причину.

Правила могут меняться. О важном изменении мы сообщим заранее на странице программы. Уже начисленные баллы при этом \
остаются.

Выйти из программы можно в любой момент: в карте, раздел «Ещё», «Удалить карту». Несгоревшие баллы и невыданные \
подарки при выходе пропадают.

Вопросы: {contacts}.""",
    ("terms", Language.EN): """\
Taking part in the program “{program}” is free of charge. A member is whoever has named a phone, a card or an e-mail \
address and has agreed to these terms.

Points are earned by buying and are spent by the rules shown on the page of the program. Points are not money: they \
cannot be paid out or sold. How long they live is told in the rules and on the member's card.

When a purchase is returned, the points earned by it are taken back and those spent on it are given back.

The card is personal. If somebody has learnt your code or found your phone, tell us and we close the card. If a card \
is used dishonestly, we may stop it and say why.

The rules may change. Of an important change we tell beforehand on the page of the program. Points already earned \
remain.

You can leave at any time: on the card, “More”, “Delete the card”. Points and gifts not used by then are lost.

Questions: {contacts}.""",
    ("privacy", Language.RU): """\
Я соглашаюсь, чтобы организатор программы «{program}» обрабатывал мои персональные данные, и делаю это свободно и в \
своём интересе.

Какие данные: телефон, адрес почты, номер карты, имя, дата рождения, пол, язык, ответы анкеты, покупки и баллы, \
переписка с магазином, устройства, на которых открыта карта.

Для чего: вести карту и баллы, узнавать меня на кассе, отвечать на вопросы, считать, как работает программа, защищать \
карту от чужих рук.

Что с ними делают: собирают, хранят, уточняют, используют и удаляют, на своём оборудовании и с помощью программ. \
Другим людям и компаниям данные передают, только если без этого программа не работает или этого требует закон.

Как долго: пока я участвую в программе. Когда я удаляю карту, личные данные стираются сразу, а записи о покупках и \
баллах остаются без имени и телефона.

Отозвать согласие можно так же просто, как дать: в карте, раздел «Согласия», или написав нам: {contacts}. Без этого \
согласия вести карту нельзя, поэтому отозвать его значит удалить карту.""",
    ("privacy", Language.EN): """\
I agree that the organiser of the program “{program}” uses my personal data, freely and in my own interest.

Which data: phone, e-mail address, number of the card, name, birth date, gender, language, answers to the \
questionnaire, purchases and points, messages to and from the shop, devices on which the card is open.

What for: to keep the card and the points, to know me at the till, to answer questions, to see how the program works, \
to keep the card out of other hands.

What is done with them: they are collected, kept, corrected, used and deleted, on own equipment and by software. They \
are handed to others only where the program cannot work without it or the law demands it.

How long: as long as I take part. When I delete the card, personal data are erased at once; records of purchases and \
points remain without name and phone.

The consent is withdrawn as easily as it is given: on the card, “Consents”, or by writing to us: {contacts}. Without \
it a card cannot be kept, so withdrawing it means deleting the card.""",
    ("ads", Language.RU): """\
Я соглашаюсь получать от программы «{program}» рекламные сообщения: новости, предложения и поздравления. Каждый способ \
связи я включаю отдельно.

Это согласие не обязательно: без него карта и баллы работают точно так же. Сообщения о самой карте (коды, списания, \
сгорание баллов) рекламой не считаются.

Отказаться можно в любой момент: в карте, раздел «Согласия», в самом сообщении или написав нам: {contacts}.""",
    ("ads", Language.EN): """\
I agree to get advertising from the program “{program}”: news, offers and congratulations. I switch on each way to \
reach me by itself.

This consent is not a condition: card and points work all the same without it. Messages about the card itself (codes, \
spending, points about to expire) are not advertising.

I can refuse at any moment: on the card, “Consents”, in the message itself or by writing to us: {contacts}.""",
}

_INNER_QUOTES = str.maketrans("«»", "„“")
"""Quotation marks within quotation marks: «Кофейня „Копилка“»."""

_NO_CONTACTS = {Language.RU: "в магазине", Language.EN: "in the shop"}


def package_text(kind: str, language: Language, program: str, contacts: str = "") -> str:
    """The text of the package with the program's name and the ways to reach it."""
    text = PACKAGE[kind, language]
    name = program.translate(_INNER_QUOTES) if language is Language.RU else program
    return text.replace("{program}", name).replace("{contacts}", contacts or _NO_CONTACTS[language])


def consent_title(kind: str, language: Language) -> str:
    return TITLES[kind][language is Language.EN]


def channel_name(channel: str, language: Language) -> str:
    return CHANNEL_NAMES[channel][language is Language.EN]
