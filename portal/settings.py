"""All settings, and the only place that reads the environment.

Every name read here stands in ``.env.example`` with its meaning (a test holds the two equal). ``PROFILE`` says what
this installation is; in ``production`` (the default, so that forgetting it is safe) the conveniences of the other
profiles are refused by ``portal.production``.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env
from marshmallow.validate import OneOf, Range

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
if os.environ.get("PROFILE") != "test":  # tests must not depend on what a developer keeps in .env
    env.read_env(str(BASE_DIR / ".env"), recurse=False)

# --- What this installation is -------------------------------------------------------------------------------------
PROFILE = env.str("PROFILE", "production", validate=OneOf(["production", "demo", "development", "test"]))
PRODUCTION = PROFILE == "production"
TESTING = PROFILE == "test"

DEMO = env.bool("DEMO", PROFILE == "demo")
_demo_date = env.str("DEMO_DATE", "")
DEMO_DATE = dt.date.fromisoformat(_demo_date) if _demo_date else None
ALLOW_BACKDATING = env.bool("ALLOW_BACKDATING", PROFILE in ("demo", "test"))
# A second factor for everybody, and confirming again before what cannot be taken back (accounts.reauth).
SECOND_FACTOR = env.bool("SECOND_FACTOR", PROFILE in ("production", "development"))
DEBUG = env.bool("DEBUG", PROFILE == "development")

# A key that production refuses (portal.production knows it by its beginning).
SECRET_KEY = env.str("SECRET_KEY", "insecure-key-for-demo-development-and-tests-only-0123456789")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
BASE_URL = env.str("BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if PRODUCTION else ["*"])
TRUSTED_PROXY = env.bool("TRUSTED_PROXY", False)
# Prometheus reads /metrics/ with this bearer token; without one production shows no metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.WARNING if PROFILE == "demo" else logging.INFO)

# --- Where things are kept -----------------------------------------------------------------------------------------
# Demo and development keep apart, so that neither finds the other's cases.
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var" / ("" if PRODUCTION else PROFILE)))).resolve()
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _database() -> dict[str, Any]:
    """PostgreSQL when DATABASE_URL names it; else SQLite with a fair queue for its writers."""
    config: dict[str, Any] = dict(
        env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}", conn_max_age=60)
    )
    if config["ENGINE"].endswith("sqlite3"):
        config["ENGINE"] = "portal.sqlite_queue"
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        }
    else:
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": _database()}

# Attempts at signing in and used one-time codes are counted here: every process must count the same. Without Redis that
# is a table of the database (made after every migrate), whose unique key makes `add` atomic; a folder's is not.
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "portal"}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    )
}

# --- Letters -------------------------------------------------------------------------------------------------------
LETTER_WORKERS = env.int("LETTER_WORKERS", 2, validate=Range(min=1, max=64))  # processes that lay out, a portal process
LETTER_SECONDS = env.int("LETTER_SECONDS", 60, validate=Range(min=5, max=600))
LETTER_MEMORY_MB = env.int("LETTER_MEMORY_MB", 1536, validate=Range(min=512, max=65536))

# --- What it is made of --------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "accounts",
    "cases",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "django_filters",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "portal.middleware.RequestIdMiddleware",
    "portal.middleware.HeadersMiddleware",
    "portal.middleware.CompressPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.SessionNameMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.sessions.SessionLimitsMiddleware",
    "accounts.middleware.ActingDeskMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.second_factor.SecondFactorMiddleware",
    "portal.middleware.PermissionMapMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.page",
            ],
        },
    },
]
FORM_RENDERER = "portal.forms_renderer.PortalFormRenderer"

# --- Who -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.OfficeBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "cases:tasks"
LOGOUT_REDIRECT_URL = "accounts:login"
# Sign-in, limits and second factors are django-allauth's. Nobody signs up: accounts come from invitations.
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm"}
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # other sessions end by themselves: the password is part of their key
ACCOUNT_USER_DISPLAY = "accounts.adapters.user_display"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60  # seconds a confirmation counts
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key", "reset_password": "20/m/ip,5/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUSTED_PROXY else 0
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "accounts.forms.AddPasskeyForm", "edit_webauthn": "accounts.forms.EditPasskeyForm"}
MFA_TOTP_ISSUER = "Portal Netralitas"
MFA_TOTP_TOLERANCE = 0  # a used code is remembered for one period, so only one period may count
MFA_ALLOW_UNVERIFIED_EMAIL = True  # administrators type addresses, not their owners
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # browsers allow it on localhost only
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:  # hashing is tested by Django; a test run signs in thousands of times
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Words and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FILTERS_EMPTY_CHOICE_LABEL = _("All")  # django-filter
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# --- Files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Production serves what collectstatic gathered; the other profiles serve the source folders themselves.
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles"))) if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our files are for our pages
STORAGES = {
    "default": {"BACKEND": "portal.storage.PrivateStorage"},
    # Letters and evidence. No address leads here; a view that checks rights on every request hands the bytes out.
    "private": {"BACKEND": "portal.storage.PrivateStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- What browsers are told ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the small drawings inside the stylesheet (arrows, ticks)
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb", "fullscreen")
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"

SECURE_COOKIES = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_IDLE = dt.timedelta(minutes=30)
SESSION_LONGEST = dt.timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked from inside, over plain HTTP
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

# --- The history's proof -------------------------------------------------------------------------------------------
# Heads and leaves are copied here, outside the database; best on another disk or machine than the database's.
HISTORY_DIR = Path(env.str("HISTORY_DIR", str(DATA_DIR / "history"))).resolve()
# The key that signs heads. The database's account must not be able to read it; production names its own.
HISTORY_KEY_FILE = env.str("HISTORY_KEY_FILE", "" if PRODUCTION else str(DATA_DIR / "keys" / "history.pem"))
# The keys that open what is sealed of reporters: outside the database, outside its backup.
REPORTER_KEY_FILE = env.str("REPORTER_KEY_FILE", "" if PRODUCTION else str(DATA_DIR / "keys" / "reporter.keys"))
# Auditors who are mailed the day's head.
HISTORY_MAIL_TO: list[str] = env.list("HISTORY_MAIL_TO", [])

# --- The seal on letters -------------------------------------------------------------------------------------------
# demo: an authority made on this machine, for sample data only; pkcs12: a key in a file; pkcs11: a key on a token.
LETTER_SIGNER = env.str("LETTER_SIGNER", "" if PRODUCTION else "demo", validate=OneOf(["", "demo", "pkcs12", "pkcs11"]))
LETTER_SIGNER_FILE = env.str("LETTER_SIGNER_FILE", "")
LETTER_SIGNER_PASSWORD = env.str("LETTER_SIGNER_PASSWORD", "")
LETTER_PKCS11_MODULE = env.str("LETTER_PKCS11_MODULE", "")
LETTER_PKCS11_TOKEN = env.str("LETTER_PKCS11_TOKEN", "")
LETTER_PKCS11_KEY = env.str("LETTER_PKCS11_KEY", "")
LETTER_PKCS11_PIN = env.str("LETTER_PKCS11_PIN", "")
# Every certificate that ever sealed letters here. Public; letters are checked with it.
LETTER_SEALS_FILE = env.str("LETTER_SEALS_FILE", str(DATA_DIR / "keys" / "seals.pem"))

# --- E-mail --------------------------------------------------------------------------------------------------------
# Without a server every message is kept as a file in MAIL_DIR; nobody is written to by a demo.
MAIL_DIR = DATA_DIR / "mail"
_email: dict[str, Any] = dict(env.dj_email_url("EMAIL_URL", "dummymail:"))
if env.str("EMAIL_URL", ""):
    EMAIL_BACKEND = _email["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"], _email["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"], _email["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _email["EMAIL_USE_TLS"], _email["EMAIL_USE_SSL"]
else:
    EMAIL_BACKEND = "portal.mail.FolderBackend"
EMAIL_TIMEOUT = 10  # less than the lease on a mail being sent
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

# --- Background work -----------------------------------------------------------------------------------------------
# The broker is only a wake-up call: what must be done stands in the database, and a sweeper finds what was left.
BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "folder://localhost"  # portal.broker
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"visibility_timeout": 60, "unacked_restore_interval": 5}
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),  # the same folder: one machine, both ends
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Nobody waits for a broker that is down: the row is the message, the sweeper finds it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "letters"
# Pools of processes keep these limits themselves; for threads portal.watchdog ends the worker at the second one.
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 90, 120  # seconds
CELERY_WORKER_PREFETCH_MULTIPLIER = 4  # times two threads = eight
CELERY_WORKER_CONCURRENCY = 2
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200  # rendering grows; pools with child processes renew them
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)  # on the folder its replies would pile up as files
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-letters": {
        "task": "cases.tasks.sweep_letters",
        "schedule": 10.0,
        # A sweep nobody could take within its interval is replaced by the next one.
        "options": {"expires": 10, "queue": "letters"},
    },
    # A mail in a dead worker's hands is free after its lease of 15 s: 5 s later at most somebody has looked.
    "sweep-mail": {
        "task": "cases.tasks.sweep_mail",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "mail"},
    },
    # Reminders and late deadlines: by each institution's own midnight, whatever its time zone.
    "daily-work": {
        "task": "cases.tasks.daily_work",
        "schedule": 15 * 60.0,
        "options": {"expires": 15 * 60, "queue": "mail"},
    },
    "sweep-history-jobs": {
        "task": "cases.tasks.sweep_history_jobs",
        "schedule": 30.0,
        "options": {"expires": 30, "queue": "exchange"},
    },
    # A new head at most a minute after a commit.
    "checkpoint": {
        "task": "cases.tasks.checkpoint",
        "schedule": 30.0,
        "options": {"expires": 30, "queue": "letters"},
    },
    "daily-head": {
        "task": "cases.tasks.daily_head",
        "schedule": 24 * 60 * 60.0,
        "options": {"expires": 23 * 60 * 60, "queue": "mail"},
    },
}

# --- Logs ----------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = "portal.logs.configure"
LOGGING = {"level": LOG_LEVEL, "lines_for_people": PROFILE == "development"}

# --- The rest ------------------------------------------------------------------------------------------------------
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
IMPORT_EXPORT_USE_TRANSACTIONS = True
