"""Every address outside /api/v1/ × method × caller; one in no line of the matrix fails."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.template.response import SimpleTemplateResponse
from unfold.sites import UnfoldAdminSite

from coordination.workbench.queue.bulk import BULK_VERBS
from tests.coordination.workbench.page_matrix import MODELS, PAGES, PUBLIC, VERBS, WITHOUT_EXCEL
from tests.coordination.workbench.page_walk import (
    CALLERS,
    DESK,
    METHODS,
    WIDE,
    Walk,
    addresses,
    is_let_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
_DO = "admin/tickets/ticket/<int:ticket_id>/do/"
_OF_A_ROW = "<path:object_id>/"


def stated() -> Iterator[tuple[str, tuple[str, str]]]:
    """Each address, and who is let in by GET and by POST."""
    for pattern, line in PAGES.items():
        seeing, sending = line.split()
        yield pattern, (seeing, sending)
    for verb, who in VERBS.items():
        yield f"{_DO}{verb}/", (who, who)
    for model, line in MODELS.items():
        listed, added, history, deleted, seen, sent = line.split()
        base = f"admin/{model}/"
        yield base, (listed, listed)
        if model not in WITHOUT_EXCEL:
            yield f"{base}excel/", (listed, "-")
        yield f"{base}add/", (added, added)
        yield f"{base}{_OF_A_ROW}history/", (history, history)
        yield f"{base}{_OF_A_ROW}delete/", (deleted, deleted)
        yield f"{base}{_OF_A_ROW}change/", (seen, sent)
        yield f"{base}{_OF_A_ROW}", ("all", "all")


MATRIX = dict(stated())
# A room's page may stand before one of the theme at the same address.
ADDRESSES = sorted({pattern for pattern, _name in addresses()})


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Walk:
    """Pages are asked for and not drawn: other tests look at them, and here are thousands.

    So the frame around them is left out too, and no line is logged of each that is refused.
    """
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    monkeypatch.setattr(UnfoldAdminSite, "each_context", lambda _site, _request: {})
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    return Walk()


def test_every_address_is_in_the_matrix() -> None:
    assert sorted(ADDRESSES) == sorted(MATRIX)


def let_in(walk: Walk, pattern: str, method: str) -> str:
    """The letters of those who are; whoever is not has written nothing."""
    found = ""
    for caller in CALLERS:
        answer = walk.ask(caller, method, pattern)
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy or policy.startswith("sandbox;"), pattern
        assert pattern.startswith("admin/") or "unsafe" not in policy, pattern
        if is_let_in(answer):
            found += caller
        else:
            assert walk.written == [], (pattern, method, caller)
    named = {CALLERS: "all", WIDE: "wide", DESK: "desk"}
    return named.get(found, found or "-")


@pytest.mark.parametrize("method", METHODS)
def test_who_is_let_in(walk: Walk, method: str) -> None:
    of = METHODS.index(method)
    found = {pattern: let_in(walk, pattern, method) for pattern in ADDRESSES}
    assert found == {pattern: MATRIX[pattern][of] for pattern in ADDRESSES}


@pytest.mark.parametrize("method", METHODS)
def test_whoever_is_no_officer_is_sent_to_the_login(walk: Walk, method: str) -> None:
    for pattern in set(ADDRESSES) - PUBLIC:
        for who, client in walk.outsiders.items():
            answer: Any = client.generic(method, walk.path(pattern))
            assert not is_let_in(answer), (pattern, who, answer.status_code)


@pytest.mark.parametrize("caller", "ogdkase")
def test_no_form_of_a_verb_is_shown_whose_role_never_has_it(walk: Walk, caller: str) -> None:
    """Whoever sees the ticket is told 403, as for a verb done to many."""
    refused = 404 if caller == "o" else 403  # the other group's liaison sees no such ticket
    for method in METHODS:
        codes = {
            verb: walk.ask(caller, method, f"{_DO}{verb}/").status_code
            for verb, who in VERBS.items()
            if who != "-" and caller not in who
        }
        assert codes == dict.fromkeys(codes, refused)
    given = {
        verb: walk.client(walk.officers[caller]).post("/admin/tickets/ticket/many/", {"verb": verb})
        for verb in BULK_VERBS
    }
    own = "l" if caller == "o" else caller
    assert {verb: answer.status_code for verb, answer in given.items()} == {
        verb: 200 if own in VERBS[verb] else 403 for verb in BULK_VERBS
    }
