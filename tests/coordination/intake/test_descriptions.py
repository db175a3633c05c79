"""Every member of an answer is there, described, with its unit; each thing has one shape."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.test import Client

from projects.access.document_in_chinese import chinese, own_words
from tests.coordination.intake.served_document import operations, todays
from tests.coordination.intake.test_document import CHINESE

pytestmark = pytest.mark.django_db
# What a number counts or measures: one of these is said of each.
UNITS: Final = re.compile(
    "How many |counted from [01]|How long .* in milliseconds|in bytes|HTTP status|Counts (its|the) "
    "|for how many (days|hours)|in `unit`|in the line's `unit`|in tonnes|亿元|万元|[,，] (个|人|%)"
    "|satisfied|in seconds|a number of them|in the unit of its name|the number of the rules"
    "|a calendar year|from 1 to 5",
    re.IGNORECASE,
)
NUMBERS: Final = {"integer", "number"}


def schemas(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object: of the components, and those that stand in a webhook's message."""
    yield from spec["components"]["schemas"].items()
    (sent,) = spec["webhooks"].values()
    body = sent["post"]["requestBody"]["content"]["application/json"]["schema"]
    yield "message", body
    for each in body["properties"]["data"]["anyOf"][1:]:
        yield "about", each


def members(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in schemas(spec):
        for member, about in schema.get("properties", {}).items():
            yield f"{name}.{member}", about


def words_of(schema: dict[str, Any]) -> str:
    return own_words(schema.get("description", ""))


def said_of(spec: dict[str, Any], about: dict[str, Any]) -> str:
    """Its description, or else that of what it refers to."""
    inner = [about, about.get("items", {}), *about.get("oneOf", []), *about.get("allOf", [])]
    reference = next((each["$ref"] for each in inner if "$ref" in each), "")
    return words_of(about) or words_of(
        spec["components"]["schemas"].get(reference.rpartition("/")[2], {})
    )


def is_number(about: dict[str, Any]) -> bool:
    kinds = about.get("type", "")
    kinds = set(kinds) if isinstance(kinds, list) else {kinds}
    if about.get("type") == "array":
        return is_number(about["items"])
    return (
        bool(kinds & NUMBERS)
        or about.get("format") == "decimal"
        or r"\d" in str(about.get("pattern", ""))
    )


def test_every_member_of_every_answer_is_always_there() -> None:
    sometimes = {
        name: sorted(set(schema["properties"]) - set(schema.get("required", [])))
        for name, schema in schemas(todays())
        if not name.endswith("Request") and "properties" in schema
    }
    assert {name: left_out for name, left_out in sometimes.items() if left_out} == {}


def test_every_member_is_described() -> None:
    spec = todays()
    assert [name for name, about in members(spec) if not said_of(spec, about)] == []
    for path, method, operation in operations(spec):
        for each in operation["parameters"]:
            assert words_of(each), (path, method, each["name"])


def test_every_number_says_its_unit_or_what_it_counts() -> None:
    spec = todays()
    numbers = {name: words_of(about) for name, about in members(spec) if is_number(about)}
    assert len(numbers) > 100
    assert {name: said for name, said in numbers.items() if not UNITS.search(said)} == {}


def test_a_project_an_officer_a_ticket_and_a_cursor_have_one_shape_each() -> None:
    spec = todays()
    shapes: dict[str, set[str]] = {}
    for name, about in members(spec):
        schema, _dot, member = name.partition(".")
        if schema.endswith("Request") or schema == "SheetResult":  # that has what the cells say
            continue
        inner = [about, *about.get("oneOf", []), *about.get("allOf", [])]
        reference = next((each["$ref"].rpartition("/")[2] for each in inner if "$ref" in each), "")
        kind = about.get("type")
        kind = next(each for each in kind if each != "null") if isinstance(kind, list) else kind
        shapes.setdefault(member, set()).add(
            reference or f"{kind} {about.get('format', '')}".strip()
        )
    assert {name: shapes[name] for name in (
        "project", "liaison", "stands_in_for", "group", "service", "actor", "contact", "cursor",
        "next", "previous", "at", "external_id",
    )} == {
        "project": {"ProjectRef"}, "liaison": {"OfficerRef"}, "stands_in_for": {"OfficerRef"},
        "group": {"string"}, "service": {"Service"}, "actor": {"Actor"}, "contact": {"Contact"},
        "cursor": {"string"}, "next": {"string"}, "previous": {"string"},
        "at": {"string date-time"}, "external_id": {"string"},
    }  # fmt: skip


def said_in(part: Any) -> Iterator[str]:
    """All that the document says for people, without the choices that the framework lists."""
    if isinstance(part, list):
        for each in part:
            yield from said_in(each)
    elif isinstance(part, dict):
        for name, each in part.items():
            if name in {"description", "summary"} and isinstance(each, str):
                yield own_words(each)
            else:
                yield from said_in(each)


def without_words(part: Any) -> Any:
    if isinstance(part, list):
        return [without_words(each) for each in part]
    if not isinstance(part, dict):
        return part
    words = {"description", "summary", "title", "detail"}
    return {
        name: without_words(each)
        for name, each in part.items()
        if not (name in words and isinstance(each, str))
    }


def test_it_says_all_in_chinese_too_with_the_same_names() -> None:
    spec = todays()
    other = Client().get("/api/schema/?format=json&lang=zh-hans").json()
    assert without_words(other) == without_words(spec)
    assert [said for said in said_in(other) if said and not CHINESE.search(said)] == []
    assert set(chinese()) - set(said_in(spec)) == set()
