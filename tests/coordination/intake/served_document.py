"""The OpenAPI document as it is served, for the tests of it."""

import functools
from collections.abc import Iterator
from typing import Any

from django.test import Client


@functools.cache
def todays() -> dict[str, Any]:
    """The document, made once: nobody changes it, and only the days of its examples move."""
    return served()


def served() -> dict[str, Any]:
    answer = Client().get("/api/schema/?format=json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation
