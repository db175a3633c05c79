"""Django as a WSGI application; the web server reaches it through config.rsgi."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL", "true")  # only threads share connections

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
