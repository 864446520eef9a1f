"""Reading the environment: each variable has a type, and each mistake has one line that says what to do."""

import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SECRET_LENGTH_MIN = 32
SECRET_LETTERS_MIN = 10
CONNECT_TIMEOUT_SECONDS = 10

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})
_POSTGRES_SCHEMES = frozenset({"postgres", "postgresql"})
_POSTGRES_OPTIONS = frozenset(
    {"application_name", "connect_timeout", "sslcert", "sslkey", "sslmode", "sslrootcert"},
)
_GUESSABLE_SECRETS = ("changeme", "django-insecure", "password", "secret")


class SettingError(ImproperlyConfigured):
    """A variable the program cannot start with. The message is one line: which, what is wrong, what to do."""

    def __init__(self, variable: str, wrong: str, remedy: str) -> None:
        super().__init__(f"{variable}: {wrong}; {remedy}")
        self.variable = variable


def read_text(variable: str, default: str) -> str:
    """An empty variable counts as an absent one, as in `VARIABLE= command`."""
    return os.environ.get(variable, "").strip() or default


def read_flag(variable: str, *, default: bool) -> bool:
    text = read_text(variable, "").lower()
    if not text:
        return default
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise SettingError(variable, f"{text!r} is neither yes nor no", "set it to 1 or 0")


def read_number(variable: str, default: int, *, minimum: int, maximum: int) -> int:
    """A whole number in ASCII digits: int() alone would also take "1_000" and Arabic digits."""
    text = read_text(variable, str(default))
    remedy = f"set it to a whole number from {minimum} to {maximum}"
    if not (text.isascii() and text.isdigit()):
        raise SettingError(variable, f"{text!r} is not a whole number", remedy)
    number = int(text)
    if not minimum <= number <= maximum:
        raise SettingError(variable, f"{number} is out of range", remedy)
    return number


def read_choice(variable: str, default: str, choices: Collection[str]) -> str:
    text = read_text(variable, default).lower()
    if text not in choices:
        raise SettingError(variable, f"{text!r} is not known", f"set it to {' or '.join(sorted(choices))}")
    return text


def read_names(variable: str, default: str) -> list[str]:
    """A list separated by commas."""
    return [name for part in read_text(variable, default).split(",") if (name := part.strip())]


def read_origin(variable: str) -> str:
    """An address such as https://bonus.example.com, without a path; empty when the variable is absent."""
    text = read_text(variable, "").rstrip("/")
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query):
        raise SettingError(variable, f"{text!r} is not the address of a site", "write it as https://bonus.example.com")
    return text


def read_language(variable: str, default: str, languages: Collection[str]) -> str:
    """The system sets this variable too, as in "ru_RU:ru:en": the first language we speak wins."""
    text = read_text(variable, default)
    for wish in text.split(":"):
        language = wish.replace("-", "_").split("_")[0].lower()
        if language in languages:
            return language
    raise SettingError(variable, f"{text!r} is not spoken here", f"set it to {' or '.join(sorted(languages))}")


def read_database(variable: str) -> dict[str, Any] | None:
    """The database named by an address, as Django wants it, or None when the variable is absent."""
    text = read_text(variable, "")
    if not text:
        return None
    scheme = text.partition("://")[0].lower()
    if scheme in _POSTGRES_SCHEMES:
        return _postgres(variable, text)
    if scheme == "sqlite":
        return _sqlite(variable, text)
    raise SettingError(
        variable,
        f"the scheme {scheme!r} is not supported" if "://" in text else "this is not an address",
        "write postgres://user:password@host:port/name, postgres://user@/name?host=/socket/folder"
        " or sqlite:///path/to/file",
    )


def _postgres(variable: str, text: str) -> dict[str, Any]:
    parts = urlsplit(text)
    user_part, _, place = parts.netloc.rpartition("@")
    user, _, password = user_part.partition(":")
    host, port = _host_and_port(variable, place)
    options: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT_SECONDS}
    for key, value in parse_qsl(parts.query):
        if key == "host":
            host = value
        elif key == "port":
            port = value
        elif key in _POSTGRES_OPTIONS:
            options[key] = value
        else:
            known = ", ".join(sorted(_POSTGRES_OPTIONS | {"host", "port"}))
            raise SettingError(variable, f"the option {key!r} is not known", f"use {known}")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise SettingError(variable, "the name of the database is missing", "end the address with /name")
    if not user:
        raise SettingError(variable, "the user is missing", "begin the address with postgres://user@")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


def _host_and_port(variable: str, place: str) -> tuple[str, str]:
    """Split by hand: urlsplit lowers the host and keeps a percent-encoded socket folder encoded."""
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        port = rest.removeprefix(":")
    else:
        host, _, port = place.partition(":")
    if port and not (port.isascii() and port.isdigit()):
        raise SettingError(variable, f"the port {port!r} is not a number", "write host:5432")
    return unquote(host), port


def _sqlite(variable: str, text: str) -> dict[str, Any]:
    """As elsewhere: three slashes begin a relative path, four an absolute one."""
    place = text.partition("://")[2]
    path = unquote(place.removeprefix("/"))
    if not place.startswith("/") or not path:
        raise SettingError(variable, "the path of the file is missing", "write sqlite:///path/to/file")
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(path).absolute())}


def read_secret(variable: str, home: Path, *, strict: bool) -> str:
    """The signing secret: from the variable, else from a file only its owner can read, made on first start."""
    secret = read_text(variable, "")
    if not secret:
        return _kept_secret(home / "secret_key")
    if strict and (why := _weakness(secret)):
        raise SettingError(variable, why, "remove it (one is generated) or set 50 random characters")
    return secret


def _weakness(secret: str) -> str:
    if len(secret) < SECRET_LENGTH_MIN:
        return f"it is shorter than {SECRET_LENGTH_MIN} characters"
    if len(set(secret)) < SECRET_LETTERS_MIN:
        return f"it has fewer than {SECRET_LETTERS_MIN} different characters"
    if secret.lower().startswith(_GUESSABLE_SECRETS):
        return "it begins with a word anybody would guess"
    return ""


def _kept_secret(path: Path) -> str:
    """Two processes may start at once: both write a draft, one link succeeds, both read what was linked."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret = path.read_text().strip()
    if _weakness(secret):
        raise SettingError("SECRET_KEY", f"the file {path} holds no usable secret", "delete it, one is generated")
    return secret
