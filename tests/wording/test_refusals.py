import ast
import inspect
import re
from string import Formatter

import pytest

from kopilka.engine import refusal
from kopilka.engine.actor import Capability
from kopilka.engine.refusal import Code
from kopilka.wording.languages import Language
from kopilka.wording.refusal_names import DIFFERENCES, NAMES
from kopilka.wording.refusal_texts import TEXTS
from kopilka.wording.refusals import ALL, detail, title
from tests.house.tree import ROOT, files_of

RU, EN = Language.RU, Language.EN
COMMENT = re.compile(r'^    [A-Z_]+ = "(\w+)"(?:  # ([\w, ]+))?$', re.MULTILINE)


def promised() -> dict[str, str]:
    """What the enum says each refusal carries."""
    return dict(COMMENT.findall(inspect.getsource(refusal)))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_refusal_of_every_code_has_texts_in_both_languages():
    assert set(TEXTS) == set(Code)
    for text in ALL.values():
        assert set(text.title) == set(text.detail) == set(Language)


@pytest.mark.parametrize("code", sorted(ALL))
def test_refusal_s_texts_use_what_it_carries_and_nothing_else(code):
    text = ALL[code]

    assert fields(text.title[RU]) == fields(text.title[EN]) == set()
    assert fields(text.detail[RU]) == fields(text.detail[EN])
    assert fields(text.detail[RU]) == set(text.params)


def test_refusal_s_parameters_are_those_the_enum_promises():
    assert {code: ", ".join(text.params) or " or ".join(text.either) for code, text in TEXTS.items()} == promised()


def test_refusals_in_the_source_carry_their_parameters():
    wrong = []
    for path in files_of("engine", "bookkeeping", "queries", "services", "api", "cli", "jobs"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Refusal":
                continue
            given = {keyword.arg for keyword in node.keywords}
            code = node.args[0] if node.args else None
            if None in given or not isinstance(code, ast.Attribute) or not hasattr(Code, code.attr):
                continue
            if missing := set(TEXTS[Code[code.attr]].params) - given:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {code.attr} lacks {sorted(missing)}")
    assert wrong == []


def test_every_detail_says_what_to_do_in_whole_sentences():
    assert [code for code, text in ALL.items() if not all(said.endswith(".") for said in text.detail.values())] == []
    assert [code for code, text in ALL.items() if any(said.endswith(".") for said in text.title.values())] == []


def test_insufficient_points_name_the_currency_and_count_in_it(russian, english):
    params = {"currency": "bonus", "available": 101, "wanted": 1250}

    assert title(Code.INSUFFICIENT_POINTS, RU) == "Не хватает баллов"
    assert detail(Code.INSUFFICIENT_POINTS, params, RU, russian) == (
        "«Баллы»: на счёте доступно 101\u00a0балл, а нужно 1\u00a0250\u00a0баллов. Уменьшите списание."
    )
    assert detail(Code.INSUFFICIENT_POINTS, params, EN, english) == (
        "“Points”: 101\u00a0points available, 1,250\u00a0points wanted. Spend less."
    )


def test_insufficient_points_without_a_vocabulary_say_the_code():
    params = {"currency": "bonus", "available": 100, "wanted": 1250}

    assert detail(Code.INSUFFICIENT_POINTS, params, EN) == "“bonus”: 100 available, 1,250 wanted. Spend less."


def test_spend_limit_says_what_limits(russian):
    params = {"currency": "exact", "maximum": 2550, "wanted": 10000, "limited_by": "receipt_share"}

    assert detail(Code.SPEND_LIMIT, params, RU, russian) == (
        "«Бонусы»: в этом чеке можно потратить не больше 25,50\u00a0бонуса (запрошено 100\u00a0бонусов);"
        " ограничение: предел доли чека. Уменьшите списание."
    )


def test_not_allowed_names_the_right():
    assert detail(Code.NOT_ALLOWED, {"capability": "publish"}, RU) == (
        "Для этого нужно право «публикация правил»."
        " Возьмите ключ с этим правом или обратитесь к администратору программы."
    )
    assert set(NAMES["capability"]) == set(Capability)


def test_out_of_range_shows_plain_numbers():
    params = {"field": "lines[0].quantity", "minimum": 1, "maximum": 1000000}

    assert detail(Code.OUT_OF_RANGE, params, EN) == (
        "Field “lines[0].quantity” must be from 1 to 1,000,000. Correct it and send the request again."
    )


def test_return_exceeds_shows_the_quantity():
    assert detail(Code.RETURN_EXCEEDS, {"line": 2, "returnable": 1500}, RU) == (
        "По строке 2 можно вернуть не больше 1,5. Уменьшите количество."
    )


def test_return_of_what_is_all_back_says_so():
    assert detail(Code.RETURN_EXCEEDS, {"line": 0, "returnable": 0}, RU) == (
        "Из этой покупки уже всё возвращено. Проверьте номер покупки."
    )


def test_values_of_unexpected_kinds_are_shown_as_they_are(english):
    assert detail(Code.NOT_FOUND, {"what": True}, EN) == "Not found: True. Check the number or the code."
    assert detail(Code.COUPON_UNUSABLE, {"coupon": False}, EN).startswith("Coupon “false” cannot")
    assert detail(Code.QUOTE_OUTDATED, {"differences": "all"}, EN).startswith("Changed since the quote: all.")
    assert detail(Code.RULEBOOK_INVALID, {"problems": ["odd"]}, EN).startswith("The rulebook was not published: odd.")


def test_total_mismatch_shows_money_of_the_program(english):
    assert detail(Code.TOTAL_MISMATCH, {"expected": 100050, "given": 100000}, EN, english) == (
        "The lines make ₽1,000.50, the receipt states ₽1,000.00. Check lines and discounts."
    )


def test_invalid_reason_is_said_in_words_and_an_unknown_one_as_it_is():
    assert detail(Code.INVALID, {"field": "phone", "reason": "empty"}, RU) == (
        "Поле «phone»: пусто. Исправьте его и отправьте запрос снова."
    )
    assert detail(Code.INVALID, {"field": "x", "reason": "Expected `int`, got `str`"}, EN) == (
        "Field “x”: Expected `int`, got `str`. Correct it and send the request again."
    )


def test_missing_parameter_leaves_a_mark_instead_of_failing():
    assert detail(Code.NOT_FOUND, {}, EN) == "Not found: …. Check the number or the code."


def test_foreign_text_in_a_parameter_stays_short_printable_and_unformatted():
    assert detail(Code.COUPON_UNUSABLE, {"coupon": "{0.__class__}\x1b[31m" + "A" * 500}, EN) == (
        "Coupon “{0.__class__}�[31m" + "A" * 182 + "…” cannot be used for this purchase."
        " Check the code or go on without it."
    )


def test_mistakes_of_a_rulebook_stand_with_their_paths_and_the_rest_is_cut():
    problems = [
        {"path": f"points.p{number}", "line": number, "code": "duplicate_key", "params": {"key": "life"}}
        for number in range(1, 8)
    ]

    assert detail(Code.RULEBOOK_INVALID, {"problems": problems[:2]}, EN) == (
        "The rulebook was not published: points.p1: The key “life” stands here twice;"
        " points.p2: The key “life” stands here twice. Correct the document and send it again."
    )
    assert "points.p5" in detail(Code.RULEBOOK_INVALID, {"problems": problems}, EN)
    assert "points.p6" not in detail(Code.RULEBOOK_INVALID, {"problems": problems}, EN)
    assert detail(Code.RULEBOOK_INVALID, {"problems": "all of it"}, RU) == (
        "Правила не опубликованы: all of it. Исправьте документ и отправьте его снова."
    )


def test_quote_outdated_shows_what_changed(russian):
    differences = {"pay": [75000, 80000], "earn": [{"bonus": 37}, {"bonus": 40}], "refusal": ["", "spend_limit"]}

    assert detail(Code.QUOTE_OUTDATED, {"differences": differences}, RU, russian) == (
        "С момента расчёта изменилось: к оплате 750,00\u00a0₽ → 800,00\u00a0₽, начисление баллов,"
        " покупку так провести нельзя. Рассчитайте чек заново и покажите покупателю новые суммы."
    )
    assert detail(Code.QUOTE_OUTDATED, {"differences": {"new": [1, 2]}}, EN) == (
        "Changed since the quote: new 0.01 → 0.02. Quote the receipt again and show the buyer the new figures."
    )
    assert all(set(names) == set(Language) for names in DIFFERENCES.values())


def test_long_list_is_cut_after_its_first_parts():
    assert detail(Code.COUPON_UNUSABLE, {"coupon": list("ABCDEFG")}, EN) == (
        "Coupon “A, B, C, D, E, …” cannot be used for this purchase. Check the code or go on without it."
    )


def test_reasons_and_things_named_in_the_source_are_said_in_words():
    silent = set()
    for path in files_of("engine", "bookkeeping", "queries", "services", "api"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"Refusal", "Problem"}
            ):
                code = getattr(node.args[0], "attr", "") if node.args else ""
                for keyword in node.keywords:
                    names = NAMES.get(str(keyword.arg), {})
                    is_code = isinstance(keyword.value, ast.Constant) and code != "LEDGER_INTEGRITY"
                    if keyword.arg in NAMES and is_code and keyword.value.value not in names:
                        silent.add((keyword.arg, keyword.value.value))
    assert sorted(silent) == []


def test_no_word_for_a_code_is_written_twice():
    tree = ast.parse((ROOT / "src/kopilka/wording/refusal_names.py").read_text())
    tables = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "_names"]
    codes = [[row.elts[0].value for row in table.args if isinstance(row, ast.Tuple)] for table in tables]

    assert sum(len(table) for table in codes) > 100
    assert [code for table in codes for code in table if table.count(code) > 1] == []


def test_fault_of_a_door_has_its_sentence_too():
    assert title("unauthorized", EN) == "An API key is needed"
    assert detail("body_too_large", {"maximum": 1_000_000}, RU) == (
        "Тело запроса больше 1\u00a0000\u00a0000 байт. Разделите его на части."
    )
