"""Forms as they stand in a page: where they send, and what is in their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SECRET = {"password"}
CHOSEN = {"hidden", "radio", "checkbox", "select"}
VOID = {"input", "img", "br", "meta", "link", "hr", "path", "source", "wbr"}
SAYS = {"mistake", "notice-bad", "notice-warn", "empty"}


@dataclass
class Field:
    """`kind` is an input's type, or textarea, select. A `secret` one is not shown again."""

    name: str
    kind: str
    value: str = ""
    secret: bool = False
    on: bool = True


@dataclass
class PageForm:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def values(self) -> dict[str, str]:
        """What a browser would send."""
        return {one.name: one.value for one in self.fields if one.on}

    def typed(self) -> list[Field]:
        """What a person types into."""
        return [one for one in self.fields if one.kind not in CHOSEN | {"file"}]

    def chosen(self) -> list[Field]:
        return [one for one in self.fields if one.kind in CHOSEN and one.name != "csrfmiddlewaretoken"]


LEADING = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data-open", "poster"}


def _leads(name: str, value: str) -> bool:
    """An address that runs."""
    return name in LEADING and value.strip().lower().startswith(("javascript:", "data:text"))


class PageReader(HTMLParser):
    """`forms` of a page, whether it `says` that something is wrong, and `handlers` of scripts, which may not be."""

    def __init__(self, text: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PageForm] = []
        self.by_id: dict[str, PageForm] = {}
        self.says = False
        self.handlers: list[str] = []
        self._form: PageForm | None = None
        self._text: Field | None = None
        self._select: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.says = self.says or bool(SAYS & set(told.get("class", "").split())) or told.get("role") == "alert"
        self.handlers += [f"<{tag} {name}>" for name in told if name.startswith("on") or name == "srcdoc"]
        self.handlers += [f"<{tag} {name}>" for name, value in told.items() if _leads(name, value)]
        if (
            tag == "script"
            and not told.get("src")
            and told.get("type", "") not in {"application/json", "text/template"}
        ):
            self.handlers.append("<script>")
        if tag == "form":
            action = told.get("action") or told.get("hx-post") or self.address
            self._form = PageForm(action, "post" if "hx-post" in told else told.get("method", "get").lower())
            self.forms.append(self._form)
            self.by_id[told.get("id", "")] = self._form
        elif tag == "option" and self._select is not None:
            if "selected" in told or not self._select.value:
                self._select.value = told.get("value", "")
        elif tag in {"input", "textarea", "select", "button"}:
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        form = self.by_id.get(told["form"]) if "form" in told else self._form
        if form is None or not told.get("name") or "disabled" in told or tag == "button":
            return
        kind = told.get("type", "text") if tag == "input" else tag
        if kind in {"submit", "button", "image"}:
            return
        secret = kind in SECRET or told.get("autocomplete") in {"one-time-code", "off-secret"}
        default = "on" if kind == "checkbox" else ""
        one = Field(told["name"], kind, told.get("value", default), secret)
        one.on = "checked" in told if kind in {"radio", "checkbox"} else True
        form.fields.append(one)
        self._text = one if tag == "textarea" else None
        self._select = one if tag == "select" else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data if self._text.value else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None
