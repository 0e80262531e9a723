"""Settings, from the environment and from the data folder.

TOANKHOA_DATA     folder of the database, files and log (./data)
DATABASE_URL      postgres://user:password@host:port/name; without it SQLite in the data folder
TOANKHOA_HOSTS    host names served, comma-separated (localhost and this machine)
TOANKHOA_DEBUG    1 for Django's debug pages

`installation.toml` in the data folder says whether this is the demo and which day it is there.
"""

import os
import secrets
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

DATA = Path(os.environ.get("TOANKHOA_DATA", "data")).resolve()
LOG = DATA / "log" / "toankhoa.log"
LOG.parent.mkdir(parents=True, exist_ok=True)


def _installation() -> dict:
    path = DATA / "installation.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def _secret() -> str:
    path = DATA / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _database() -> dict:
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "toankhoa.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;"
                ),
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
    }


INSTALLATION = _installation()
DEMO: bool = INSTALLATION.get("demo", False)
# The day it is, where it is not the server's: only the demo and tests set it.
TODAY: date | None = INSTALLATION.get("today")

SECRET_KEY = _secret()
DEBUG = os.environ.get("TOANKHOA_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("TOANKHOA_HOSTS", "*" if DEMO else "localhost,127.0.0.1").split(",")
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "toankhoa.audit",
    "toankhoa.jobs",
    "toankhoa.org",
    "toankhoa.plan",
    "toankhoa.reporting",
    "toankhoa.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # A commune's line is thin, and the living plan's page shrinks tenfold.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # After messages and htmx, which it speaks through; before whatever asks for the address.
    "toankhoa.web.looking_back.middleware.LookingBack",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "toankhoa.urls"
WSGI_APPLICATION = "toankhoa.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Each page family keeps its templates beside its views.
        "DIRS": sorted((Path(__file__).parent / "web").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "toankhoa.web.shell.navigation.surroundings",
            ]
        },
    }
]

AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_TEMPLATE = "errors/locked.html"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"  # from the root: a page of a past moment stands under an address of its own
WHITENOISE_USE_FINDERS = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "toankhoa.web.shell.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a sheet saved without a script sends all its boxes

# What goes wrong is said where the server was started, and kept in the data folder with its
# traceback.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"full": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "full"},
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "formatter": "full",
            "filename": LOG,
            "maxBytes": 5 * 1024 * 1024,
            "backupCount": 5,
            "encoding": "utf-8",
            "delay": True,
        },
    },
    "root": {"handlers": ["stderr", "file"], "level": "WARNING"},
    "loggers": {
        "django": {
            "handlers": [],
            "level": "WARNING",
        },  # instead of Django's own, which is silent outside debugging
        "django.request": {"level": "ERROR"},  # a page that is not there is no fault of ours
    },
}

# Work that takes long runs beside the request; "inline" (tests, command line) runs it at once.
JOBS = os.environ.get("TOANKHOA_JOBS", "thread")
