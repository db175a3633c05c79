"""Reads the body of a filing of one or many tickets, and files them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from django.utils.translation import get_language

from coordination.intake.api_serializers import FILINGS, UnknownKind
from coordination.intake.feed.shape import CONTACT
from coordination.tickets.filing.drafts import Draft, Submission
from coordination.tickets.filing.submit import judge_many, submit_many
from projects.access.models import ApiKey
from projects.access.shape import merge, read_body
from projects.record.refusals import FieldError, Invalid, Missing, Refusal
from projects.record.text import compact
from projects.register.models import Project

_OPTIONAL: Final = ("detail", "urgency", "needed_by", "external_id", "opened_lines")
_BY_CODE: Final = "SELECT * FROM register_project WHERE code = ANY(%s)"

type Body = tuple[dict[str, Any], list[FieldError]]  # the values that could be read, and errors


def file_ticket(data: Any, *, by: ApiKey) -> Draft:
    """File one ticket. Raises Invalid with all mistakes of shape and of rules, or Missing."""
    (outcome,) = file_each([data], by=by)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def file_each(
    items: Sequence[Any], *, all_or_nothing: bool = False, only_judge: bool = False, by: ApiKey
) -> list[Draft | Refusal]:
    """File each item; return the filed draft or the refusal of each, in their order.

    Nothing is saved with ``only_judge``, nor with ``all_or_nothing`` where one is refused.
    """
    bodies = [_read(item) for item in items]
    projects = _projects(values for values, _errors in bodies)
    submissions = [_submission(*body, projects) for body in bodies]
    outcomes = _submit(submissions, all_or_nothing=all_or_nothing, only_judge=only_judge, by=by)
    return [
        _add_errors(outcome, errors)
        for outcome, (_values, errors) in zip(outcomes, bodies, strict=True)
    ]


def _submit(
    submissions: list[Submission], *, all_or_nothing: bool, only_judge: bool, by: ApiKey
) -> list[Draft | Refusal]:
    if not submissions:
        return []
    if only_judge:
        return judge_many(submissions=submissions, enterprise=by.enterprise, by=by)
    return submit_many(
        submissions=submissions, enterprise=by.enterprise, all_or_nothing=all_or_nothing, by=by
    )


@cache
def _reader(kind: str, _language: str | None) -> Any:
    """The serializer that reads a filing of the kind; made once for each language.

    It keeps no state but the words of its bounds, which are those of the language in which a value
    first exceeded them.
    """
    return FILINGS.get(kind, UnknownKind)()


def _read(data: Any) -> Body:
    kind = data.get("kind") if isinstance(data, Mapping) else None
    known = kind if isinstance(kind, str) and kind in FILINGS else ""
    return read_body(_reader(known, get_language()), data)


def _projects(bodies: Iterable[dict[str, Any]]) -> dict[str, Project]:
    codes = {compact(values["project"]) for values in bodies if "project" in values}
    return {project.code: project for project in Project.objects.raw(_BY_CODE, [list(codes)])}


def _submission(
    values: dict[str, Any], errors: list[FieldError], projects: Mapping[str, Project]
) -> Submission:
    contact = values.get("contact") or {}
    kind, lines = values.get("kind", ""), values.get("lines")
    optional = {name: values[name] for name in _OPTIONAL if values.get(name) is not None}
    return Submission(
        **optional, kind=kind, project=projects.get(compact(values.get("project", ""))),
        title=values.get("title", ""), contact_name=contact.get("name", ""),
        contact_mobile=contact.get("mobile", ""),
        lines=lines if isinstance(lines, list) and kind else [], is_whole=not errors,
    )  # fmt: skip


def _add_errors(outcome: Draft | Refusal, shape_errors: list[FieldError]) -> Draft | Refusal:
    """Merge the errors of the body's shape into a refusal, and use the body's own paths."""
    if not isinstance(outcome, Invalid | Missing):
        return outcome
    errors = merge(shape_errors, [path_as_sent(error) for error in outcome.errors])
    if isinstance(outcome, Missing) and any(error.code == "not-found" for error in errors):
        return Missing(outcome.message, errors=errors)
    return Invalid(errors)


def path_as_sent(error: FieldError) -> FieldError:
    """The API sends the contact as an object; the verb knows two fields."""
    path = CONTACT.get(str(error.path[0]), error.path) if error.path else error.path
    return replace(error, path=path)
