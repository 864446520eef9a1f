"""Settings of the whole program, read once from the environment.

KOPILKA_HOME         folder of the installation's own files: database, secret (var)
KOPILKA_ENV          production or development (production)
DEBUG                1 shows errors to visitors; only in development (0)
SECRET_KEY           signs what leaves the program; made on first start when absent
ALLOWED_HOSTS        names this site answers to, separated by commas (this machine only)
PORT                 where the server listens (8000)
KOPILKA_WORKERS      processes of the server (1 on SQLite, 2 on PostgreSQL)
KOPILKA_WEBHOOKS_PRIVATE  1 lets webhooks call http and private addresses, as on an own network (0)
DATABASE_URL         where the data is, as the role that works (SQLite in KOPILKA_HOME)
DATABASE_OWNER_URL   the same PostgreSQL database as the role that owns the tables; only migrations use it
LANGUAGE             ru or en (ru)
"""

from pathlib import Path

from kopilka.project import sqlite
from kopilka.project.environment import (
    SettingError,
    read_choice,
    read_database,
    read_flag,
    read_language,
    read_names,
    read_number,
    read_secret,
    read_text,
)
from kopilka.project.extensions import load_extensions

sqlite.use_repaired_library()  # before Django loads its database backend

KOPILKA_HOME = Path(read_text("KOPILKA_HOME", "var")).absolute()
KOPILKA_ENV = read_choice("KOPILKA_ENV", "production", {"production", "development"})
IN_PRODUCTION = KOPILKA_ENV == "production"

DEBUG = read_flag("DEBUG", default=False)
if DEBUG and IN_PRODUCTION:
    raise SettingError(
        "DEBUG",
        "in production it would show secrets to visitors",
        "set DEBUG=0, or KOPILKA_ENV=development on your own machine",
    )

ALLOWED_HOSTS = read_names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
if "*" in ALLOWED_HOSTS and IN_PRODUCTION:
    raise SettingError(
        "ALLOWED_HOSTS",
        "* lets anybody answer under any name",
        "list the names of this site, as in ALLOWED_HOSTS=bonus.example.com",
    )

SECRET_KEY = read_secret("SECRET_KEY", KOPILKA_HOME, strict=IN_PRODUCTION)
PORT = read_number("PORT", 8000, minimum=1, maximum=65535)

DATABASE_OWNER = read_database("DATABASE_OWNER_URL")
DATABASES = {
    "default": read_database("DATABASE_URL")
    or {"ENGINE": "django.db.backends.sqlite3", "NAME": str(KOPILKA_HOME / "kopilka.sqlite3")}
}
for _database in filter(None, (DATABASES["default"], DATABASE_OWNER)):
    if _database["ENGINE"].endswith("sqlite3"):
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _database["OPTIONS"] = sqlite.connection_options()
    else:
        # Threads own their connections for good; the committer's must not be taken away by a request's end.
        _database["CONN_MAX_AGE"] = None
        _database["CONN_HEALTH_CHECKS"] = True
if DATABASE_OWNER and (
    (DATABASE_OWNER["ENGINE"], DATABASE_OWNER["NAME"]) != (DATABASES["default"]["ENGINE"], DATABASES["default"]["NAME"])
):
    raise SettingError(
        "DATABASE_OWNER_URL",
        "it names another database than DATABASE_URL",
        "name the same database, with the role that owns its tables",
    )

# SQLite has one writer anyway; a second process only adds memory.
KOPILKA_WORKERS = read_number(
    "KOPILKA_WORKERS",
    1 if DATABASES["default"]["ENGINE"].endswith("sqlite3") else 2,
    minimum=1,
    maximum=64,
)

KOPILKA_WEBHOOKS_PRIVATE = read_flag("KOPILKA_WEBHOOKS_PRIVATE", default=False)

INSTALLED_APPS = ["kopilka.data", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "kopilka.project.urls"
WSGI_APPLICATION = "kopilka.project.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # static files are served from the package: no copying step before a start

load_extensions()  # before any rulebook is read

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LANGUAGE_CODE = read_language("LANGUAGE", "ru", {"ru", "en"})
