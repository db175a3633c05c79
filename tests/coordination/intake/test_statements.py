"""What docs/api.md says of requests holds: null, what was read, and what is searched."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import pytest
from django.urls import reverse

from config.embedded import PROJECT
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from tests.coordination.intake.scene import MADE, client_with, filing
from tests.coordination.intake.test_act import record
from tests.coordination.intake.test_document import spec as spec  # noqa: PLC0414 - a fixture
from tests.factories.coordination import LINES, Desk, desk, filed

pytestmark = pytest.mark.django_db
DOCUMENT: Final = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture
def at() -> Desk:
    return desk()


def post(at: Desk, body: Any, key: str) -> Any:
    address, headers = reverse("api:tickets"), {"Idempotency-Key": key}
    return client_with(at.token).post(address, body, headers=headers)


def optional(spec: dict[str, Any], component: str) -> Iterator[tuple[str, bool]]:
    """The members that may be left out, with whether each may be null."""
    schema = spec["components"]["schemas"][component]
    for name, about in schema["properties"].items():
        if name not in schema.get("required", ()):
            yield name, "null" in about.get("type", ())


def names_of(kind: str, part: str) -> str:
    return "".join(each.capitalize() for each in kind.split("_")) + f"{part}Request"


@pytest.mark.parametrize("kind", MADE)
def test_null_empty_and_left_out_are_one_of_an_optional_text(
    kind: str, at: Desk, spec: dict[str, Any]
) -> None:
    texts = {
        part: [
            name for name, may_be_null in optional(spec, names_of(kind, part))
            if may_be_null and "string" in _types(spec, names_of(kind, part), name)
        ]
        for part in ("Filing", "Line")
    }  # fmt: skip
    assert {"detail", "external_id"} <= {*texts["Filing"]}
    stored = []
    for place, empty in enumerate((None, "", ...)):
        body, line = filing(kind, project=at.project.code), dict(MADE[kind]())
        for part, members in ((body, texts["Filing"]), (line, texts["Line"])):
            for name in members:
                part.pop(name, None)
                if empty is not ...:
                    part[name] = empty
        answer = post(at, {**body, "lines": [line]}, f"k{place}")
        assert answer.status_code == 201, answer.json()
        ticket = Ticket.objects.get(number=answer.json()["number"])
        (made,) = KINDS[kind].read_lines(ticket.pk)
        stored.append(
            [getattr(ticket, name) for name in texts["Filing"]]
            + [getattr(made, name) for name in texts["Line"]]
        )
    assert stored == [stored[0]] * 3


def _types(spec: dict[str, Any], component: str, name: str) -> list[str]:
    about = spec["components"]["schemas"][component]["properties"][name]
    is_text = not {"format", "enum", "x-spec"} & about.keys() and "integer" not in about["type"]
    return list(about["type"]) if is_text else []


@pytest.mark.parametrize("kind", MADE)
def test_null_of_another_member_is_refused_unless_the_document_has_it(
    kind: str, at: Desk, spec: dict[str, Any]
) -> None:
    before = record()
    body, line = filing(kind, project=at.project.code), dict(MADE[kind]())
    wrong = []
    for part, given, prefix in (("Filing", body, ""), ("Line", line, "/lines/0")):
        for name, may_be_null in optional(spec, names_of(kind, part)):
            given[name] = None
            if not may_be_null:
                wrong.append(f"{prefix}/{name}")
    answer = post(at, {**body, "lines": [line]}, "k")
    errors = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert answer.status_code == 422
    assert sorted(errors) == sorted((pointer, "required") for pointer in wrong)
    assert "/urgency" in wrong
    assert record() == before


@pytest.mark.parametrize("kind", MADE)
def test_what_was_read_can_be_sent_again(kind: str, at: Desk, spec: dict[str, Any]) -> None:
    for place, line in enumerate((MADE[kind](), LINES[kind]())):
        first = post(at, filing(kind, line, project=at.project.code), f"a{place}")
        shown: Any = client_with(at.token).get(first["Location"]).json()
        taken = spec["components"]["schemas"]
        own = taken[names_of(kind, "Filing")]["properties"].keys() - {"external_id", "opened_lines"}
        members = taken[names_of(kind, "Line")]["properties"]
        again = {name: shown[name] for name in own} | {
            "project": shown["project"]["code"],
            "lines": [{name: each[name] for name in members} for each in shown["lines"]],
        }
        second = post(at, again, f"b{place}")
        assert second.status_code == 201, second.json()
        read = second.json()
        assert {name: read[name] for name in own - {"lines"}} == {
            name: shown[name] for name in own - {"lines"}
        }
        assert [{name: each[name] for name in members} for each in read["lines"]] == again["lines"]


def test_what_an_amendment_leaves_out_stays_and_null_clears_it(at: Desk) -> None:
    ticket = filed(at, detail="急")
    address = reverse("api:ticket-amend", args=[ticket.number])
    for body, left in (({"title": "通行"}, "急"), ({"detail": None}, None)):
        answer: Any = client_with(at.token).post(
            address, body, headers={"Idempotency-Key": f"{body}"[:20].encode().hex(),
                                    "If-Match": "*"},
        )  # fmt: skip
        assert (answer.status_code, answer.json()["detail"]) == (200, left), answer.json()


def test_the_search_looks_where_the_document_says(at: Desk) -> None:
    searched = {*chain.from_iterable(kind.searchable for kind in KINDS.values())}
    for begin, end in (("每个词须在", "两个字母"), ("each word is in", "two letters")):
        said = DOCUMENT[DOCUMENT.index(begin) :]
        assert {*re.findall("`([a-z_]+)`", said[: said.index(end)])} == searched
    lines = {
        "vehicle_pass": {"plate": "豫C77777", "trailer_plate": "豫C1234挂", "carrier": "承运甲"},
        "goods_transport": {"cargo": "预制梁", "route": "路线乙"},
        "material_supply": {"item": "防水卷材", "specification": "规格丙"},
    }  # fmt: skip
    tickets = {
        kind: filed(at, kind, title="运输受阻", external_id=f"PO-{kind[:4]}",
                    lines=[LINES[kind]() | line])
        for kind, line in lines.items()
    }  # fmt: skip
    client = client_with(at.token)

    def found(word: str) -> list[str]:
        answer: Any = client.get(reverse("api:tickets"), {"search": word})
        assert answer.status_code == 200, (word, answer.json())
        return sorted(each["number"] for each in answer.json()["results"])

    every = sorted(each.number for each in tickets.values())
    for kind, ticket in tickets.items():
        serial = str(int(ticket.number.rpartition("-")[2]))
        for word in (f"PO-{kind[:4]}", ticket.number, serial):
            assert ticket.number in found(word), word
        for name, value in lines[kind].items():
            assert found(value) == ([ticket.number] if name in searched else []), name
    for word in ("运输受阻", at.project.name, at.project.code, at.enterprise.name):
        assert found(word) == every, word
