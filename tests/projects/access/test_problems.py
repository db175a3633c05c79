"""Every type that can be raised is in one table, and leads to a page in both languages."""

import ast
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import InterfaceError, InternalError, OperationalError
from django.test import Client
from psycopg import errors as pg

from config.headers import POLICY
from projects.access import problems
from projects.access.problem_types import PROBLEMS
from projects.record import refusals
from tests.test_architecture import sources, tree_of


def raised() -> Iterator[str]:
    """The code of each problem that the source names, in a call that makes one."""
    for path in sources("config", "projects", "coordination"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and node.args:
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                given = node.args[0]
                if called in {"Problem", "document", "respond"} and isinstance(given, ast.Constant):
                    yield str(given.value)


def refused() -> Iterator[str]:
    """The code of each refusal's problem, those of other rooms included."""
    waiting: list[type[refusals.Refusal]] = [refusals.Refusal]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        made = kind([]) if issubclass(kind, refusals.Invalid) else kind()
        yield problems.of_refusal(made)["type"].removeprefix("/problems/")


def test_what_is_raised_is_in_the_table_and_the_table_holds_nothing_else() -> None:
    assert {*raised(), *refused(), *problems._BY_STATUS.values()} == set(PROBLEMS)


def test_no_other_type_can_be_raised() -> None:
    with pytest.raises(KeyError):
        problems.Problem("made-up")
    with pytest.raises(KeyError):
        problems.document("made-up")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", PROBLEMS)
def test_a_type_leads_to_its_page(code: str, language: str) -> None:
    address = problems.document(code)["type"]
    answer = Client(headers={"Accept-Language": language}).get(address)
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Security-Policy"]) == (200, POLICY)
    assert f'<html lang="{language}">' in page
    assert f"HTTP {PROBLEMS[code].status}" in page
    said = "".join(page.split("<h1>")[1].split("</article>")[0])
    assert any("一" <= mark <= "龥" for mark in said) == (language == "zh-hans")


def test_all_of_them_on_one_page_and_none_that_is_not_there() -> None:
    page = Client().get("/problems/").content.decode()
    assert [code for code in PROBLEMS if f'href="/problems/{code}"' not in page] == []
    assert Client().get("/problems/made-up").status_code == 404


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


AWAY = [
    OperationalError("the server closed the connection"),
    InterfaceError("the connection is closed"),
    _caused(InternalError(), pg.ReadOnlySqlTransaction()),
    _caused(InternalError(), pg.IdleInTransactionSessionTimeout()),
]


@pytest.mark.parametrize("error", AWAY)
def test_a_database_that_is_away_is_said_with_when_to_come_again(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    answer: Any = problems.handler(error, {})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    assert caplog.records[0].levelno == logging.ERROR


def test_what_nobody_foresaw_is_not_taken_for_that() -> None:
    assert problems.handler(InternalError(), {}) is None
    assert problems.handler(_caused(InternalError(), pg.InternalError_()), {}) is None
    assert problems.handler(ValueError(), {}) is None
