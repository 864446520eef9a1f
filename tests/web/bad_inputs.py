"""What people, scripts and broken machines put into fields (the classes of bad input that can reach a page)."""

PHONES = (
    "12", "1" * 30, "+7-916-FLOWERS", "+7 916 123-45-67 доб. 5", "tel:+79161234567", "+7９１６１２３４５６７",
    "+882 16 123456", "+7 (000) 000-00-00", "😀", "\u200f+7 916 123-45-67",
)  # fmt: skip
NAMES = (
    "", " ", "\u200b", "а" * 10_000, "a" + "\u0301" * 1_000, "\u202eanna", "\ufeff", "an\x00na", "an\r\nna", "\x1b[31m",
    "O'Brien", "Д’Артаньян", "李", "null", "None", "NaN",
)  # fmt: skip
CODE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", "javascript:alert(1)",
    "</textarea><script>alert(1)</script>", "{{7*7}}", "{% load static %}", "${7*7}", "{0.__class__}", "%s%s%n",
    "%(name)s", "'; DROP TABLE kopilka_member;--", "\\", "%", "_", '=HYPERLINK("x")', "../../etc/passwd",
)  # fmt: skip
NUMBERS = (
    "-1", "-0", "0", "10,005", "10.005", "1e400", "NaN", "Infinity", "1_000", "１２３", "٣", "²", "9" * 20, "9" * 5_000,
    "1'000", "1\u00a0000,50", "0,001", "+", ",",
)  # fmt: skip
DATES = (
    "29.02.2023", "31.04.2000", "00.00.0000", "32.13.2000", "1899-01-01", "9999-12-31", "10000-01-01", "0000-00-00",
    "2025-03-30T02:30:00", "29.02.24",
)  # fmt: skip
MAILS = (
    "a@b",
    "a" * 250 + "@example.com",
    'x"@example.com',
    "a@example.com\r\nBcc: b@example.com",
    "a@@example.com",
    "a@ex.com.",
)

ALL = (*PHONES, *NAMES, *CODE, *NUMBERS, *DATES, *MAILS)
CHOICES = ("", "nonsense", "-1", "9" * 30, "00000000-0000-7000-8000-000000000000", CODE[1], "a\x00b", "а" * 5_000)
"""For what is chosen and not typed: a page somebody has changed by hand."""
EXTRA = {
    "balance": "1000000", "points": "1000000", "program_id": "2", "is_staff": "1", "role": "manager", "member_id": "1",
    "id": "1", "at": "1970-01-01", "__proto__": "x", "_connector": "OR",
}  # fmt: skip
"""Fields nobody asked for."""
QUERIES = (
    "next=//evil.example/", "next=javascript:alert(1)", "page=-1", "page=" + "9" * 20, "cursor=%00", "after=nonsense",
    "text=%FF%FE", "q=" + "a" * 3_000, "code=%3Cscript%3Ealert(1)%3C/script%3E", "phone=%2B7", "amount=1e400",
    "day=0000-00-00", "next=%0d%0aX: y",
)  # fmt: skip
