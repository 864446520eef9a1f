"""What the demo tells: who its members are, what it sells, what it wrote to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from kopilka.services.articles import NewArticle


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up member. `born` so many days from now, some years ago (None: not told); `asks` answers to questions."""

    name: str
    born_in: int | None = None
    gender: str = ""
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)


ANNA, PHONE_OF_ANNA = "Анна Ёлкина", "+7 900 000-00-01"
PEOPLE = (
    Person(ANNA, 2, "f", {"pet": ("кошка",), "favourite": ("с молоком",)}),
    Person("Борис Котов", 40, "m", {"pet": ("собака",)}),
    Person("Вера Лужина", 100, "f"),
    Person("Глеб Самоваров", gender="m"),
    Person("Дина О’Коннор", 7, "f"),
    Person("Егор Пирогов", 200, "m"),
    Person("Жанна Мятная", gender="f"),
    Person("Зоя Корица", 300, "f"),
    Person("Игорь Зёрнов", gender="m"),
    Person("Кира Сливкина", 150, "f"),
    Person("Лев Бублик", gender="m"),
    Person("Майя Ваниль", 21, "f"),
)
"""By their numbers: +7 900 000-00-01 is the first one's phone, 1001 his card."""

SOLD = (
    ("LATTE", "Латте", "Напитки", 240_0000),
    ("ESPRESSO", "Эспрессо", "Напитки", 150_0000),
    ("CROISSANT", "Круассан", "Выпечка", 180_0000),
    ("BEANS-250", "Зёрна, 250 г", "Зёрна", 690_0000),
)
"""What the members have bought so far, with prices in 1/10,000 of a rouble."""

ARTICLES = tuple(
    NewArticle(sku, name, price * 10_000, "goods", category, "", 2_000, barcode, place)
    for place, (sku, name, price, category, barcode) in enumerate(
        (
            ("LATTE", "Латте", 240, "Напитки", "4607001000019"),
            ("ESPRESSO", "Эспрессо", 150, "Напитки", "4607001000026"),
            ("CAPPUCCINO", "Капучино", 220, "Напитки", "4607001000033"),
            ("COCOA", "Какао", 210, "Напитки", "4607001000040"),
            ("TEA", "Чай с мятой", 160, "Напитки", "4607001000057"),
            ("CROISSANT", "Круассан", 180, "Выпечка", "4607001000064"),
            ("BUN", "Булочка с корицей", 140, "Выпечка", "4607001000071"),
            ("CHEESECAKE", "Чизкейк", 320, "Выпечка", "4607001000088"),
            ("BEANS-250", "Зёрна, 250 г", 690, "Зёрна", "4607001000095"),
            ("BEANS-1000", "Зёрна, 1 кг", 2_390, "Зёрна", "4607001000101"),
            ("SYRUP", "Сироп лесной орех", 390, "Для дома", "4607001000118"),
            ("GRINDER", "Кофемолка ручная", 2_900, "Для дома", "4607001000125"),
            ("MUG", "Кружка с копилкой", 790, "Для дома", "4607001000132"),
        ),
        start=1,
    )
)

STAFF = (("01", "Оля", "cashier", "1111"), ("02", "Мира", "manager", "2222"))
"""Code, name, role and PIN."""

POSTS = (
    (
        "Осеннее меню",
        "Тыквенный латте, яблочный штрудель и какао с корицей: приходите греться.\nУчастникам — как всегда, бонусами.",
        "autumn",
        "Чашка кофе и осенние листья",
    ),
    (
        "Кружка за 400 бонусов",
        "В каталоге подарков появились наши кружки. Их всего двадцать: выберите свою на карте, заберите у бариста.",
        "mug",
        "Кружка с нарисованной копилкой",
    ),
)
"""Title, text, picture, what it shows; the eldest first."""

GIFTS = ("cup", "croissant", "mug", "beans")
"""Pictures of the gifts, as the rules name them: gift-cup.jpg."""

CHAT = (
    ("member", "Здравствуйте! А кофе без кофеина у вас бывает?"),
    ("shop", "Здравствуйте, Анна! Да, каждый день, и капучино тоже. Ждём вас."),
)

SLOGAN = ("Каждая чашка приближает подарок", "Every cup brings a gift nearer")
ABOUT = (
    "Маленькая кофейня, где варят вкусно и помнят, что вы любите. Всё здесь придумано, чтобы попробовать Копилку.",
    "A small coffee shop that remembers what you like. Everything here is made up, so that you can try Kopilka.",
)
COLOUR = "#8a4b2a"
COUPON, FLYER, LINK = "from-the-net", "КОФЕ100", "social"
"""A coupon with a link, the word on a flyer, an invite link."""
