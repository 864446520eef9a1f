"""A refusal names points and money as the program does."""

import pytest


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "«Бонусы»: на счёте доступно 0\u00a0бонусов, а нужно 5\u00a0бонусов. Уменьшите списание."),
        ("en", "“Бонусы”: 0\u00a0Бонусы available, 5\u00a0Бонусы wanted. Spend less."),
    ],
)
def test_refusal_speaks_the_program_s_words(shop, language, words):
    hold = {"member": {"id": str(shop.member())}, "points": 5, "currency": "bonus"}

    told = shop.post("holds", hold, accept_language=language).json()

    assert told["code"] == "insufficient_points"
    assert told["detail"] == words


def test_refusal_shows_money_with_its_symbol(shop):
    lines = [{"sku": "BREAD", "price": 10000}]

    told = shop.post("quotes", {"lines": lines, "total_minor": 9900}, accept_language="ru").json()

    assert told["code"] == "total_mismatch"
    assert "100,00\u00a0₽" in told["detail"]
    assert "99,00\u00a0₽" in told["detail"]
