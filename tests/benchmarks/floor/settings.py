"""The desk's own settings and database, with the floor's addresses and no middleware."""

from config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "tests.benchmarks.floor.views"
MIDDLEWARE: list[str] = []
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None, "DEFAULT_PERMISSION_CLASSES": []}
