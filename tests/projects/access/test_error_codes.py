"""The codes of errors are a closed list, in one spelling, and the OpenAPI document has it."""

import ast
import re
from collections.abc import Iterator
from inspect import isfunction
from pathlib import Path
from typing import Any

import pytest
from django.core import validators
from django.forms import fields as form_fields
from django.test import Client
from rest_framework import serializers

from config.embedded import PROJECT
from coordination.intake.upload.values import UNUSABLE
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.access.error_codes import code_of, error_codes
from projects.files.checks.refusal_messages import REFUSAL_MESSAGES
from projects.files.workbooks.read import WHY_NOT
from projects.progress.models import DailyReport
from projects.record.refusals import FieldError, Missing

# What no enterprise reaches: pages of the staff, and verbs that are theirs alone.
STAFF_ONLY = (
    "projects/register/admin", "projects/register/classes.py", "projects/register/registration.py",
    "projects/register/exits.py", "projects/register/succession.py",
    "projects/register/carry_over",
    "projects/register/phases.py", "projects/register/districts.py",
    "projects/register/sheet_", "projects/register/registration_many.py",
    "projects/register/enterprises_many.py", "projects/imports/",
    "projects/flow/step.py",
    *(f"projects/investment/{name}" for name in ("admin", "plan.py", "settle", "sheet", "status")),
    "coordination/bulletins/", "coordination/demo/",
    "coordination/escalation/", "coordination/groups/", "coordination/parties/",
    "coordination/privacy/", "coordination/referrals/", "coordination/staff/",
    "coordination/workbench/",
    "coordination/delivery/channels.py", "coordination/tickets/lines/settle.py",
    "coordination/tickets/clocks/terms.py",
    *(f"coordination/tickets/verbs/{name}.py" for name in ("assist", "handle", "link", "regrade")),
)  # fmt: skip
# What names an error, and where among its arguments the code is.
RAISING = {
    "FieldError": 2, "ErrorDetail": 1, "CellError": 3, "check.require": 3, "_refuse": 1,
    "LineRule": 4, "ValidationError": 1, "Barred": 1,
}  # fmt: skip

NAMELESS = dict.fromkeys(RAISING.keys() - {"Barred"}, "invalid")  # what no code stands for


def codes_in(path: Path) -> Iterator[str]:
    """The code of each call that names an error, or its default."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        place = RAISING.get(name)
        if place is not None:
            code = node.args[place] if len(node.args) > place else ast.Constant(NAMELESS.get(name))
            if isinstance(code, ast.Constant) and code.value:
                yield str(code.value)
        for given in node.keywords if name == "NotAllowed" else ():
            if given.arg == "reason" and isinstance(given.value, ast.Constant):
                yield str(given.value.value)


def raised() -> dict[str, str]:
    """The codes in what an enterprise reaches, each with a file that has it."""
    found: dict[str, str] = {}
    for top in ("projects", "coordination"):
        for path in sorted(PROJECT.joinpath(top).rglob("*.py")):
            name = str(path.relative_to(PROJECT))
            if "migrations" not in path.parts and not name.startswith(STAFF_ONLY):
                found |= dict.fromkeys(codes_in(path), name)
    return found


def of_libraries() -> set[str]:
    """The codes of the fields that read a request, and of the models that judge it."""
    fields = [each for each in vars(serializers).values() if isinstance(each, type)]
    read = {
        code
        for each in fields
        if issubclass(each, serializers.Field)
        and each.__name__
        in {
            "CharField", "ChoiceField", "IntegerField", "DecimalField", "BooleanField", "ListField",
            "DateField", "DateTimeField", "ListSerializer", "Serializer", "JSONField",
        }
        for base in each.__mro__
        for code in getattr(base, "default_error_messages", {})
    }  # fmt: skip
    models: list[Any] = [Ticket, DailyReport, *(kind.model for kind in KINDS.values())]
    judged = {
        str(validator.code)
        for model in models for field in model._meta.fields for validator in field.validators
        if not isinstance(validator, validators.DecimalValidator)
        and not isfunction(validator)  # it raises a ValidationError of its own
    }  # fmt: skip
    forms = {*form_fields.ChoiceField.default_error_messages,
             *form_fields.MultipleChoiceField.default_error_messages}  # fmt: skip
    return read | judged | forms | set(validators.DecimalValidator.messages)


# Codes of fields and lists that nothing here uses: bounds of lists, and lengths of texts at least.
UNUSED = {"empty", "min_length", "max_length_of_list"}


def test_every_code_that_is_raised_is_in_the_list_and_no_other() -> None:
    found = raised()
    assert {"plate", "personal-number", "heading", "cursor"} <= found.keys()
    shown = {code_of(FieldError((), "", code)) for code in found}
    shown |= {code_of(FieldError((), "", code)) for code in of_libraries() - UNUSED}
    rules = [rule for kind in KINDS.values() for rule in (*kind.rules, *kind.warnings)]
    shown |= {code_of(rule.error) for rule in rules}
    shown |= {*REFUSAL_MESSAGES, *WHY_NOT, *UNUSABLE, Missing.code}
    assert shown - error_codes().keys() == set(), found
    assert error_codes().keys() - shown == set()


def test_each_has_one_spelling() -> None:
    for code in error_codes():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert code_of(FieldError((), "", code)) == code


@pytest.mark.django_db
def test_the_document_and_the_page_list_them() -> None:
    schemas = Client().get("/api/schema/?format=json").json()["components"]["schemas"]
    for name in ("ProblemError", "Warned", "CellError"):
        code = schemas[name]["properties"]["code"]
        assert code["enum"] == sorted(error_codes())
        assert all(f"`{each}`: " in code["description"] for each in error_codes())
    for language in ("en", "zh-hans"):
        page = Client(headers={"Accept-Language": language}).get("/problems/invalid")
        words = re.findall(r"<dt><code>(.+?)</code></dt><dd>(.+?)</dd>", page.content.decode())
        assert [code for code, _says in words] == list(error_codes())
        is_chinese = [bool(re.search("[\u4e00-\u9fff]", says)) for _code, says in words]
        assert is_chinese == [language == "zh-hans"] * len(words)
