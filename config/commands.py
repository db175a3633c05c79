"""Commands of the project's processes, shared by `make up` and docker-compose.yml."""

MIGRATE = ("python", "manage.py", "migrate", "--no-input")
COLLECT_STATIC = ("python", "manage.py", "collectstatic", "--no-input")  # production only

# Always running, in the order in which they are started
SERVICES = {
    "web": ("python", "-m", "config.web"),
    "worker": (
        "python", "-m", "celery", "--app", "config.celery",
        "worker", "--queues", "default,bulletins", "--loglevel", "INFO",
    ),
    "relay": ("python", "manage.py", "relay"),  # sends the deliveries of the outbox
    "beat": ("python", "-m", "celery", "--app", "config.celery", "beat", "--loglevel", "INFO"),
}  # fmt: skip
