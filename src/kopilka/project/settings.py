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
PUBLIC_URL           address under which people reach this site; stands in links and QR codes (the one asked for)
TRUSTED_PROXIES      addresses of web servers in front of this one, whose X-Forwarded-For is believed (none)
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
    read_origin,
    read_secret,
    read_text,
)
from kopilka.project.extensions import load_extensions
from kopilka.project.static_files import browser_packages

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
    # Threads own their connections for good: the committer's must not be taken away by a request's end, and SQLite,
    # opened anew, would read the whole schema for every page.
    _database["CONN_MAX_AGE"] = None
    if _database["ENGINE"].endswith("sqlite3"):
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _database["OPTIONS"] = sqlite.connection_options()
    else:
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

PUBLIC_URL = read_origin("PUBLIC_URL")
TRUSTED_PROXIES = frozenset(read_names("TRUSTED_PROXIES", ""))

INSTALLED_APPS = [
    "kopilka.data",
    "kopilka.web",
    "kopilka.till",
    "kopilka.kiosk",
    "kopilka.card",
    "kopilka.site",
    "django_htmx",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kopilka.web.middleware.PageMiddleware",
]
ROOT_URLCONF = "kopilka.project.urls"
WSGI_APPLICATION = "kopilka.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "kopilka.web.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kopilka.web.templatetags.web",
            ],
        },
    }
]

STATIC_URL = "static/"
STATIC_ROOT = KOPILKA_HOME / "static"
STATICFILES_DIRS = browser_packages()
STORAGES = {"staticfiles": {"BACKEND": "kopilka.project.static_files.PageFiles"}}
WHITENOISE_USE_FINDERS = True  # what was not gathered by `kopilka up` is served from the package

MEDIA_ROOT = KOPILKA_HOME / "media"

CSRF_COOKIE_NAME = "kopilka_csrf"
CSRF_COOKIE_HTTPONLY = True  # scripts find the token in the page
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
CSRF_FAILURE_VIEW = "kopilka.web.views.csrf_failure"
LANGUAGE_COOKIE_NAME = "kopilka_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

load_extensions()  # before any rulebook is read

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LANGUAGE_CODE = read_language("LANGUAGE", "ru", {"ru", "en"})
