"""Every operation, and those the hot lane serves."""

from litestar.handlers import HTTPRouteHandler

from kopilka.api.routers import entries, holds, members, program, purchases, quotes, returns, wallets

ROUTES: tuple[HTTPRouteHandler, ...] = (
    members.create_member,
    members.find_members,
    members.get_member,
    members.change_member_data,
    members.create_code,
    wallets.get_wallets,
    wallets.get_wallet,
    wallets.create_adjustment,
    entries.get_entries,
    entries.get_entry,
    entries.get_explanation,
    program.get_program,
    program.get_rulebook,
    program.get_versions,
    program.publish_version,
    program.get_version,
    program.compare_versions,
    quotes.create_quote,
    quotes.get_quote,
    holds.create_hold,
    holds.get_hold,
    holds.release,
    purchases.create_purchase,
    purchases.confirm_purchase,
    purchases.cancel_purchase,
    purchases.get_purchase,
    purchases.get_purchases,
    returns.create_return,
    returns.get_return,
    returns.get_returns,
)

HOT: list[HTTPRouteHandler] = [
    quotes.create_quote,
    holds.create_hold,
    purchases.create_purchase,
    purchases.confirm_purchase,
    returns.create_return,
    wallets.get_wallets,
]
