"""The bed itself: what the other tests lean on."""

import socket

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_tests_run_as_the_applications_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        assert cursor.fetchone() == ("zhitongche_app", "off")


def test_cache_is_a_real_valkey() -> None:
    cache.set("x", 1)
    assert cache.get("x") == 1


def test_the_world_is_out_of_reach() -> None:
    with pytest.raises(PermissionError, match="192.0.2.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
