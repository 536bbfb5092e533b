"""Settings for Django's own tests: both of their databases are on the emulator at the port in YDB_PORT."""

import os

DATABASES = {
    alias: {
        "ENGINE": "ydb_backend.backend",
        "NAME": alias,
        "HOST": "127.0.0.1",
        "PORT": os.environ["YDB_PORT"],
        "DATABASE": "/local",
    }
    for alias in ("default", "other")
}
SECRET_KEY = "tests"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
USE_TZ = False
