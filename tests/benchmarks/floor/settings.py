"""The desk's own settings and database, with the floor's addresses and no middleware."""

from config import settings

# All of them: ``import *`` takes what the module lists as its own alone.
globals().update({name: value for name, value in vars(settings).items() if name.isupper()})

ROOT_URLCONF = "tests.benchmarks.floor.views"
MIDDLEWARE: list[str] = []
REST_FRAMEWORK: dict[str, object] = {"UNAUTHENTICATED_USER": None, "DEFAULT_PERMISSION_CLASSES": []}
