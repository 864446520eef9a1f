"""What a customer is told of inviting: what his friend gets, what he gets, what somebody gets who recommends."""

from __future__ import annotations

from kopilka.engine.compiling.shares import SHARES
from kopilka.engine.mechanics import Automation, Grant, On, Person, Share, To
from kopilka.engine.rulebook import Promotion
from kopilka.engine.switches import path_of
from kopilka.wording.amounts import percent
from kopilka.wording.conditions import condition_texts, tests_of
from kopilka.wording.program_rules import EVENTS, asks, automations, things_given
from kopilka.wording.promises import earn_texts, grant_life, granted, lowered
from kopilka.wording.speaking import Speaker
from kopilka.wording.times import listed

_OF_FRIENDS = {
    On.ENROLLED: ("когда друг зарегистрируется", "when your friend joins"),
    On.PROFILE_FILLED: ("когда друг заполнит анкету", "when your friend fills in the profile"),
    On.FIRST_PURCHASE: ("за первую покупку друга", "for your friend's first purchase"),
    On.PURCHASE: ("за каждую покупку друга", "for every purchase of your friend"),
    On.MEMBER_INVITED: ("за каждого приглашённого друга", "for every friend you invite"),
}


def friend_sentences(speaker: Speaker) -> list[str]:
    """What both get when a member brings a friend."""
    told = []
    for rule in automations(speaker):
        told += _friend_gets(rule, speaker)
    for one in speaker.rulebook.promotions:
        if path_of(one).startswith(SHARES) and asks(one, "invited") and not one.is_off:
            told.append(_friend_share(one, speaker, speaker.say("Друг получает", "Your friend gets")))
    for rule in automations(speaker):
        told += _inviter_gets(rule, speaker)
    told += [_of_network(share, speaker) for share in _shares(To.INVITER, speaker)]
    referral = speaker.rulebook.mechanics.referral
    if told and referral is not None:
        told.insert(0, speaker.say("Ваш код для друзей — на вашей карте.", "Your code for friends is on your card."))
    if told and referral is not None and referral.until_first_purchase:
        told.append(
            speaker.say(
                "Друг может назвать код до своей первой покупки.",
                "Your friend can name the code until the first purchase.",
            )
        )
    return told


def newcomer_sentences(speaker: Speaker, *, invited: bool) -> list[str]:
    """What he gets who enrols now, told to himself."""
    gets = speaker.say("Вы получите", "You get")
    told = []
    for rule in automations(speaker):
        is_for_all = rule.trigger.on is On.ENROLLED and not asks(rule, "invited")
        if (invited and asks(rule, "invited")) or (is_for_all and not (invited and _asks_alone(rule))):
            told += _gets(rule, gets, speaker)
    for one in speaker.rulebook.promotions if invited else ():
        if path_of(one).startswith(SHARES) and asks(one, "invited") and not one.is_off:
            told.append(_friend_share(one, speaker, speaker.say("Вы получите", "You get")))
    return told


def _asks_alone(rule: Automation) -> bool:
    """Only for those nobody has invited?"""
    return any(test.fact == "invited" and test.value == (False,) for test in tests_of(rule.when))


def _friend_gets(rule: Automation, speaker: Speaker) -> list[str]:
    """Друг получает 500 баллов за регистрацию, срок — 14 дней."""
    if not asks(rule, "invited"):
        return []
    return _gets(rule, speaker.say("Друг получает", "Your friend gets"), speaker)


def _gets(rule: Automation, gets: str, speaker: Speaker) -> list[str]:
    if rule.trigger.on not in EVENTS:
        return []
    event = lowered(speaker.say(*EVENTS[rule.trigger.on]))
    grants = [grant for grant in rule.grants if grant.to is Person.MEMBER]
    of = speaker.say("от покупки", "of the purchase")
    told = [f"{gets} {granted(one, speaker, of)} {event}{grant_life(one, speaker)}." for one in grants]
    more = things_given(rule, speaker)
    return told + ([f"{gets} {event}: {', '.join(more)}."] if more else [])


def _friend_share(one: Promotion, speaker: Speaker, gets: str) -> str:
    """Друг получает ещё 2 % с первых 3 покупок."""
    gives = [
        _share_of(earn.percent, speaker) if earn.percent else ", ".join(earn_texts(earn, speaker)) for earn in one.earn
    ]
    how = [text for test in tests_of(one.when) if test.fact != "invited" for text in condition_texts(test, speaker)]
    told = listed(gives, speaker.language)
    tail = f" {', '.join(how)}" if how else speaker.say(" с каждой покупки", " of every purchase")
    return speaker.say(f"{gets} ещё {told}{tail}.", f"{gets} {told} more{tail}.")


def _inviter_gets(rule: Automation, speaker: Speaker) -> list[str]:
    if rule.trigger.on not in _OF_FRIENDS:
        return []
    mine = Person.MEMBER if rule.trigger.on is On.MEMBER_INVITED else Person.INVITER
    grants = [grant for grant in rule.grants if grant.to is mine and (grant.level == 1 or mine is Person.MEMBER)]
    return [_thanks(grant, rule, speaker) for grant in grants]


def _thanks(grant: Grant, rule: Automation, speaker: Speaker) -> str:
    """Вы получаете 50 баллов, когда друг зарегистрируется."""
    amount, event = granted(grant, speaker, speaker.say("от неё", "of it")), speaker.say(*_OF_FRIENDS[rule.trigger.on])
    joint = ", " if event.startswith("когда") else " "
    return speaker.say("Вы получаете", "You get") + f" {amount}{joint}{event}{grant_life(grant, speaker)}."


def _of_network(share: Share, speaker: Speaker) -> str:
    """Вы получаете 1 % с покупок друга."""
    gives = listed(
        [
            _share_of(earn.percent, speaker) if earn.percent else ", ".join(earn_texts(earn, speaker))
            for earn in share.earns
        ],
        speaker.language,
    )
    first = speaker.say(f" (с первых {share.first})", f" (the first {share.first})") if share.first else ""
    if share.level == 1:
        return speaker.say(
            f"Вы получаете {gives} с покупок друга{first}.", f"You get {gives} of what your friend buys{first}."
        )
    if share.level == 2:  # noqa: PLR2004 - friends of friends
        return speaker.say(
            f"Вы получаете {gives} с покупок друзей вашего друга{first}.",
            f"You get {gives} of what friends of your friend buy{first}.",
        )
    return speaker.say(
        f"Вы получаете {gives} с покупок {share.level}-го круга друзей{first}.",
        f"You get {gives} of what is bought at level {share.level} of your network{first}.",
    )


def agent_sentences(speaker: Speaker) -> list[str]:
    """What somebody gets who brings customers as an agent."""
    told = []
    for share in _shares(To.AGENT, speaker):
        gives = [
            _share_of(earn.percent, speaker) if earn.percent else ", ".join(earn_texts(earn, speaker))
            for earn in share.earns
        ]
        words = listed(gives, speaker.language)
        told.append(
            speaker.say(
                f"Агент получает {words} с покупок своих клиентов.", f"An agent gets {words} of what his customers buy."
            )
        )
    return told


def _shares(to: To, speaker: Speaker) -> list[Share]:
    shares = speaker.rulebook.mechanics.shares.values()
    return [one for one in shares if one.to is to and f"shares.{one.code}" not in speaker.rulebook.rules_off]


def _share_of(hundredths: int, speaker: Speaker) -> str:
    return percent(hundredths, speaker.language)
