"""What is wrong with a rulebook document: a stable code, where it stands, and the figures for the sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ProblemCode(StrEnum):
    """Every complaint about a document; stable for ever. The sentences stand in `wording/problems.py`."""

    # the text itself
    NOT_UTF8 = "not_utf8"
    TOO_LARGE = "too_large"  # limit: bytes
    TOO_DEEP = "too_deep"  # limit
    SYNTAX = "syntax"  # what
    TAB = "tab"
    DUPLICATE_KEY = "duplicate_key"  # key
    ANCHOR = "anchor"
    ALIAS = "alias"
    TAG = "tag"  # tag
    MERGE_KEY = "merge_key"
    SEVERAL_DOCUMENTS = "several_documents"
    EMPTY_DOCUMENT = "empty_document"
    KEY_NOT_TEXT = "key_not_text"
    NULL = "null"
    FLOAT = "float"

    # one place in the document
    UNKNOWN_KEY = "unknown_key"  # key, suggestion
    NOT_INSTALLED = "not_installed"  # key, extension
    MISSING_KEY = "missing_key"  # key
    NOT_A_MAPPING = "not_a_mapping"
    NOT_A_LIST = "not_a_list"
    NOT_A_VALUE = "not_a_value"
    EMPTY = "empty"
    TOO_MANY = "too_many"  # limit
    TOO_LONG = "too_long"  # limit
    CONTROL_CHARACTER = "control_character"
    NOT_A_CODE = "not_a_code"  # text
    NOT_A_WORD = "not_a_word"  # text, words, suggestion
    NOT_A_NUMBER = "not_a_number"  # text
    NOT_WHOLE = "not_whole"  # text
    TOO_FINE = "too_fine"  # text, digits
    OUT_OF_RANGE = "out_of_range"  # text, minimum, maximum
    NOT_A_FLAG = "not_a_flag"  # text
    NOT_A_DATE = "not_a_date"  # text
    NOT_A_MOMENT = "not_a_moment"  # text
    UNTIL_WITHOUT_TIME = "until_without_time"  # text
    NOT_A_CRON = "not_a_cron"  # text
    NOT_A_TIME = "not_a_time"  # text
    NOT_A_CURRENCY = "not_a_currency"  # text, known
    NOT_A_ZONE = "not_a_zone"  # text
    VERSION_UNKNOWN = "version_unknown"  # text, known
    LIFE_EMPTY = "life_empty"
    EXACTLY_ONE = "exactly_one"  # keys, given
    AT_MOST_ONE = "at_most_one"  # keys, given
    AT_LEAST_ONE = "at_least_one"  # keys
    DUPLICATE_VALUE = "duplicate_value"  # text
    LINE_SHAPE = "line_shape"

    # conditions
    UNKNOWN_FACT = "unknown_fact"  # fact, suggestion
    FACT_OF_LINES = "fact_of_lines"  # fact
    FACT_NOT_OF_LINES = "fact_not_of_lines"  # fact
    FACT_NOT_HERE = "fact_not_here"  # fact
    COMPARISON_UNKNOWN = "comparison_unknown"  # fact, comparison, allowed
    BOUNDS_CROSSED = "bounds_crossed"

    # how places fit together
    UNKNOWN_CODE = "unknown_code"  # section, text, suggestion
    CURRENCY_UNSAID = "currency_unsaid"  # known
    END_BEFORE_START = "end_before_start"  # start, end
    POINTS_TOO_FINE = "points_too_fine"  # text, currency, digits
    CARRY_NEEDS_DOWN = "carry_needs_down"
    WORTHLESS = "worthless"  # currency
    TIERS_SAME = "tiers_same"  # tier, other
    TIERS_UNORDERED = "tiers_unordered"  # tier, other
    FIRST_TIER_ENTER = "first_tier_enter"  # tier
    TIER_WITHOUT_ENTER = "tier_without_enter"  # tier
    FIRST_TIER_LOST = "first_tier_lost"  # tier
    WITHIN_OF_NOTHING = "within_of_nothing"  # tier
    REVIEW_OF_PERIOD = "review_of_period"  # tier, period
    GRACE_WITHOUT_WITHIN = "grace_without_within"  # tier
    KEEP_AGAINST_ENTER = "keep_against_enter"  # tier
    TIER_UNREACHABLE = "tier_unreachable"  # tier
    COUNTS_AT_ONCE = "counts_at_once"  # tier
    COUNTS_WITH_EDGE = "counts_with_edge"
    COUPON_WORD_TAKEN = "coupon_word_taken"  # word, other
    NEEDS_SERIES = "needs_series"  # coupon
    SEGMENT_CIRCLE = "segment_circle"  # segments
    NOT_PUT_INTO = "not_put_into"  # segment
    LIFE_OF_LIVE = "life_of_live"  # segment

    SHARE_KEY = "share_key"  # key, to
    SHARE_MULTIPLIES = "share_multiplies"
    SPLIT_TOO_MUCH = "split_too_much"  # split, percent, limit

    # what its own tests say
    TEST_FAILED = "test_failed"  # test, place, expected, got

    # how the document fits the program's books
    OTHER_MONEY = "other_money"  # expected, given
    POINTS_IN_USE = "points_in_use"
    POINTS_AHEAD = "points_ahead"

    # advice: the document is valid
    KEEP_ABOVE_ENTER = "keep_above_enter"  # tier
    NO_RETURN_WINDOW = "no_return_window"  # currency
    CANNOT_BE_SPENT = "cannot_be_spent"  # currency
    COUPON_UNUSED = "coupon_unused"  # coupon
    GROUP_UNUSED = "group_unused"  # group
    SERIES_GUESSABLE = "series_guessable"  # coupon, count, limit


ADVICE = frozenset(
    {
        ProblemCode.KEEP_ABOVE_ENTER,
        ProblemCode.NO_RETURN_WINDOW,
        ProblemCode.CANNOT_BE_SPENT,
        ProblemCode.COUPON_UNUSED,
        ProblemCode.GROUP_UNUSED,
        ProblemCode.SERIES_GUESSABLE,
    }
)
"""Codes that warn and do not stop a document from being published."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` such as `promotions.friday-plants.when.hours` (empty: the whole document); `line` 0 when unknown."""

    path: str
    code: ProblemCode
    params: dict[str, object] = field(default_factory=dict)
    line: int = 0

    @property
    def is_error(self) -> bool:
        return self.code not in ADVICE
