"""The check names what it is for, and nothing else."""

import linecache
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.lint.private_names import inherited_in, overrides_in, uses_in

LIBRARY = "a_library"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "from psycopg._queries import PostgresQuery",
            ["1: imports psycopg._queries.PostgresQuery"],
        ),
        ("import psycopg._queries", ["1: imports psycopg._queries"]),
        (
            "from django.db.models.query import _hidden",
            ["1: imports django.db.models.query._hidden"],
        ),
        (
            "from django.contrib import admin\nadmin.site._registry",
            ["2: reads admin.site._registry"],
        ),
        ("import django.db as db\n\n\nprint(db._inner.x)", ["4: reads db._inner"]),
        ("def late() -> None:\n    from x import _y", ["2: imports x._y"]),
    ],
)
def test_a_private_name_of_a_library_is_named(source: str, found: list[str]) -> None:
    assert list(uses_in(source)) == found


@pytest.mark.parametrize(
    "source",
    [
        "from projects.record.clock import _under_way",
        "from projects.record import clock\nclock._under_way",
        "from django.db import models\nmodels.Model._meta, models.Model.__mro__",
        "from . import _own",
        "import os\nos._exit(0)",
        "class A:\n    def f(self) -> None:\n        self._own",
    ],
)
def test_our_own_and_what_is_documented_is_not(source: str) -> None:
    assert list(uses_in(source)) == []


@pytest.fixture
def library() -> Iterator[ModuleType]:
    """A library with a class whose private methods nobody else should know of."""
    made = _module(
        LIBRARY,
        "from functools import cached_property\n"
        "class Base:\n"
        "    def _method(self): ...\n"
        "    @classmethod\n"
        "    def _of_class(cls): ...\n"
        "    @cached_property\n"
        "    def _kept(self): ...\n"
        "    def public(self): ...\n"
        "    _value = 1\n",
    )
    yield made
    del sys.modules[LIBRARY]


def _module(name: str, source: str) -> ModuleType:
    made = ModuleType(name)
    made.__file__ = f"{name}.py"
    sys.modules[name] = made
    linecache.cache[made.__file__] = (len(source), None, source.splitlines(True), made.__file__)
    exec(compile(source, made.__file__, "exec"), vars(made))  # noqa: S102 - a module of the test's own
    return made


OURS = """
from functools import cached_property
from a_library import Base

class Between(Base):
    def public(self): ...
    def _own(self): ...

class Method(Between):
    def _method(self): ...
    def _own(self): ...

class OfClass(Base):
    @classmethod
    def _of_class(cls): ...

class Kept(Base):
    @cached_property
    def _kept(self): ...
"""


def test_a_private_method_that_is_overridden_is_named(library: Any) -> None:
    module = _module("projects.of_the_test", OURS)
    try:
        assert list(overrides_in(module)) == [
            f"projects.of_the_test.{place} overrides a_library.Base.{name}"
            for place, name in (
                ("Method._method", "_method"), ("OfClass._of_class", "_of_class"),
                ("Kept._kept", "_kept"),
            )
        ]  # fmt: skip
    finally:
        del sys.modules["projects.of_the_test"]


USERS = """
from a_library import Base

class Reads(Base):
    def public(self):
        return self._value, self._own()

    def _own(self):
        return super()._method()

class OfClass(Base):
    @classmethod
    def public(cls):
        return cls._of_class()

class Other(Reads):
    def public(self, other):
        return self._own(), self.public, other._own
"""


def test_a_private_member_that_is_inherited_and_used_is_named(library: Any) -> None:
    module = _module("projects.of_the_test", USERS)
    try:
        assert list(inherited_in(module)) == [
            f"projects.of_the_test.{place} uses a_library.Base.{name}"
            for place, name in (
                ("Reads", "_method"), ("Reads", "_value"), ("OfClass", "_of_class"),
            )
        ]  # fmt: skip
    finally:
        del sys.modules["projects.of_the_test"]
