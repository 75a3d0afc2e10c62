"""Django's settings, for every mode. What differs between places comes from the environment: docs/operations.md."""

from csp.constants import NONCE, NONE, SELF

from songda.config import environment, logs
from songda.config.environment import read

environment.choose_settings()
MODE = environment.mode()
IS_PRODUCTION = MODE == "production"
BASE_DIR = environment.ROOT


def default(value: str) -> str | None:
    """A value that will do on a laptop; production has to say its own."""
    return None if IS_PRODUCTION else value


DEBUG = False
SECRET_KEY = read("SONGDA_SECRET_KEY", environment.secret)
SONGDA_DATA_KEY = read("SONGDA_DATA_KEY", environment.data_key)
ALLOWED_HOSTS = read("SONGDA_HOSTS", environment.names, default("*"))
SONGDA_PORTAL_URL = read("SONGDA_PORTAL_URL", environment.web_address, default("http://127.0.0.1:8000"))
# Behind a proxy that ends TLS; browsers are then told to speak nothing else.
USES_TLS = read("SONGDA_TLS", environment.yes_or_no, "yes" if IS_PRODUCTION else "no")

INSTALLED_APPS = [
    "songda.config.app.SongdaConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "songda.api.problems.for_machines",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "songda.config.wrong_method.in_words",
    # Last, so that it sees the log-in as the others left it.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "songda.config.urls"
WSGI_APPLICATION = "songda.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

# The database: DATABASE_URL; where it is not production, else this checkout's own PostgreSQL.
_own = environment.own_database()
_server = read("DATABASE_URL", environment.database, _own.url if _own else None)
_pool = {"min_size": 1, "max_size": read("SONGDA_DATABASE_POOL", environment.whole_number, "16"), "timeout": 20}
DATABASES = {
    "default": {
        **_server,
        # The pool keeps the connections. Tests come and go with their databases and do without.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**_server["OPTIONS"], **({} if MODE == "test" else {"pool": _pool})},  # type: ignore[dict-item]
        "ATOMIC_REQUESTS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who logs in.
AUTH_USER_MODEL = "songda.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
_hasher = "MD5PasswordHasher" if MODE == "test" else "Argon2PasswordHasher"  # tests log in hundreds of times
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{_hasher}"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# One desk in a court is one address for many people: only the pair is locked.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_ENABLE_ACCESS_FAILURE_LOG = True

# Words and days.
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Files.
STATIC_URL = "/static/"
# Production serves what `songda collectstatic` gathered, under names that change with the content.
STATIC_ROOT = environment.var() / "static" if IS_PRODUCTION else None
# What `songda assets` brings at set-up; absent until then, and Django would warn of it.
_fetched = BASE_DIR / "build" / "assets" / "web"
STATICFILES_DIRS = [_fetched] if _fetched.is_dir() else []
# Elsewhere names stay when the content changes, perhaps under a running server: each is looked at whenever it is asked
# for, and browsers ask every time.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not IS_PRODUCTION
WHITENOISE_MAX_AGE = 3600 if IS_PRODUCTION else 0
_names = "CompressedManifestStaticFilesStorage" if IS_PRODUCTION else "CompressedStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": f"whitenoise.storage.{_names}"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
DATA_UPLOAD_MAX_NUMBER_FILES = 200

# What browsers are told.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    }
}
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = USES_TLS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = read("SONGDA_ORIGINS", environment.names, SONGDA_PORTAL_URL)
SECURE_SSL_REDIRECT = USES_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if USES_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = USES_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if USES_TLS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # papers are shown in a frame on our own pages, and only there
    "security.W021",  # a court's intranet is on no browser's preload list
]

# Errands: the modules that declare them.
PROCRASTINATE_IMPORT_PATHS = ["songda.config.housekeeping", "songda.engine.errands"]
# An errand that is due later is seen at the next poll; the notice of a new one comes at once.
PROCRASTINATE_WORKER_DEFAULTS = {
    "fetch_job_polling_interval": 1.0,
    "concurrency": 4,
    # Seconds: how often a worker says it lives, and after what silence its errands are taken up by others.
    "update_heartbeat_interval": 3.0,
    "stalled_worker_timeout": 15.0,
}

LOGGING_CONFIG = None
logs.configure(level=read("SONGDA_LOG_LEVEL", str, "INFO"), as_json=MODE != "test")
