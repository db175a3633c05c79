"""The centre's own mail domains: what is for its staff alone is mailed nowhere else."""

from django.conf import settings


def is_own_address(address: str) -> bool:
    """Whether the address is the centre's own, by its domain."""
    return address.rpartition("@")[2].lower() in settings.OWN_MAIL_DOMAINS
