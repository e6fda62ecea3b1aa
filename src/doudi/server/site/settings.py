"""Django settings. What differs between installations comes from the environment; nothing here is a secret.

`DATABASE_URL` is the runtime role (owns nothing), `DATABASE_OWNER_URL` the owner (migrations only). Without them the
commands `doudi serve`, `worker`, `migrate` and `demo` start an embedded cluster and set both before Django is loaded.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from doudi.server.site import logs

PACKAGE = Path(__file__).resolve().parent.parent


def database(address: str) -> dict[str, Any]:
    """A connection address as Django's dict."""
    parts = dict(conninfo_to_dict(address))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "doudi"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", "") or "",
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TIME_ZONE": "UTC",
    }


RUNTIME_ADDRESS = os.environ.get("DATABASE_URL", "postgresql://doudi_runtime@/doudi")
DATABASES = {
    "default": database(RUNTIME_ADDRESS),
    "owner": database(os.environ.get("DATABASE_OWNER_URL", "postgresql://doudi_owner@/doudi")),
}
DOUDI_RUNTIME_ROLE = DATABASES["default"]["USER"] or "doudi_runtime"
DOUDI_AUDITOR_ROLE = os.environ.get("DOUDI_AUDITOR_ROLE", "doudi_auditor")
DOUDI_VAR = Path(os.environ.get("DOUDI_VAR", "var"))
"""The folder of what is made: keys, logs, the secret of sessions."""
DOUDI_SEALING_LATE_HOURS = int(os.environ.get("DOUDI_SEALING_LATE_HOURS", "24"))
"""How far sealing of the trail may be behind before nothing personal leaves the house (`audit/lateness.py`)."""

SECRET_KEY = os.environ.get("DOUDI_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("DOUDI_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("DOUDI_ORIGINS", "").split()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "doudi.server.kernel",
    "doudi.server.audit",
    "doudi.server.access",
    "doudi.server.imports",
    "doudi.server.reference",
    "doudi.server.people",
    "doudi.server.recognition",
    "doudi.server.enrolment",
    "doudi.server.filings",
    "doudi.server.entitlement",
    "doudi.server.ledger",
    "doudi.server.settlement",
    "doudi.server.desks",
    "doudi.server.site",
]
MIDDLEWARE = [
    "doudi.server.site.logs.RequestLog",
    "doudi.server.desks.middleware.SafetyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "doudi.server.desks.middleware.ActorMiddleware",
]
ROOT_URLCONF = "doudi.server.site.urls"
WSGI_APPLICATION = "doudi.server.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "doudi.server.desks.context.desk",
            ],
            "builtins": ["doudi.server.desks.templatetags.desk"],
            "string_if_invalid": "",
        },
    }
]

AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = os.environ.get("DOUDI_HTTPS", "") == "1"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "doudi.server.desks.faults.forged"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = False
LANGUAGE_CODE = "zh-hans"

LOGGING = logs.settings(os.environ.get("DOUDI_LOGS", "-"))

STATIC_URL = "/static/"
STATIC_ROOT = DOUDI_VAR / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "staticfiles": {"BACKEND": "doudi.server.site.storage.StaticFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
"""Uploads stay in memory: nothing with personal data is spilled to a temporary file."""
