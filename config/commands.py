"""What the project's processes are, said once: `make up` and docker-compose.yml run the same."""

MIGRATE = ("python", "manage.py", "migrate", "--no-input")
COLLECT_STATIC = ("python", "manage.py", "collectstatic", "--no-input")  # production only

# Always running, in the order in which they are started
SERVICES = {
    "web": ("python", "-m", "config.web"),
    "worker": (
        "python", "-m", "celery", "--app", "config.celery",
        "worker", "--queues", "default,bulletins", "--loglevel", "INFO",
    ),
    "relay": ("python", "manage.py", "relay"),  # sends what the outbox holds; asks no broker
    "beat": ("python", "-m", "celery", "--app", "config.celery", "beat", "--loglevel", "INFO"),
}  # fmt: skip
