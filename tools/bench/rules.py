"""A rulebook of fifty rules and a receipt of five lines, on which about twenty of them do something."""

# ruff: noqa: E501 - a measuring script: commands and bodies stand on one line, chance is no secret

from __future__ import annotations

CATEGORIES = ("dairy", "bread", "fruit", "plants", "toys", "fish", "meat", "tea", "soap", "books")
HEAD = """rulebook: 1
program: Bench
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: {ru: Бонусы, en: Points}, worth: "1.00", decimals: 0, round: down, carry: yes, life: {days: 365}}
spending:
  bonus: {share_of_receipt: 50}
spending_proof: {by: none}
tiers:
  bronze: {}
  gold: {enter: {spent: {above: "10000000.00"}}}
groups:
  price: best
promotions:
"""


def document(count: int = 50) -> str:
    """The program's document with `count` promotions: five kinds in turn, over ten categories and ten brands."""
    return HEAD + "".join(_rule(number) for number in range(count))


def _rule(number: int) -> str:
    category = CATEGORIES[number // 5 % len(CATEGORIES)]
    match number % 5:
        case 0:
            rule = f"{{lines: {{category: {category}}}, discount: {{percent: {3 + number % 7}}}, group: price}}"
        case 1:
            rule = (
                f'{{when: {{total: {{at_least: "{100 + number}.00"}}, branch: [main, second]}}, '
                f"lines: {{brand: b{number // 5}}}, earn: {{percent: {1 + number % 3}}}}}"
            )
        case 2:
            rule = f'{{when: {{hours: {{from: "00:00", until: "23:59"}}, tier: [bronze, gold]}}, lines: {{category: {category}}}, earn: {{points: 5, per: line}}}}'
        case 3:
            rule = f'{{when: {{total: {{above: "{50_000 + number}.00"}}}}, discount: {{amount: "10.00"}}}}'
        case _:
            rule = f"{{when: {{tier: gold}}, lines: {{sku: A{number}}}, discount: {{percent: 10}}, turn_off: earning}}"
    return f"  rule-{number}: {rule}\n"


def lines() -> list[dict[str, object]]:
    """Five lines of the receipt as the API takes them, 1,000.00 in all."""
    return [
        {
            "sku": f"SKU-{number:04}", "name": f"Товар номер {number}", "category": CATEGORIES[number], "brand": f"b{number}",
            "quantity": number % 2 + 1, "price": price, "vat": "20",
        }
        for number, price in enumerate((19_900, 7_500, 25_000, 10_050, 20_000))
    ]  # fmt: skip
