"""What is sent to be filed, one ticket or many: read as far as it can be, filed, and answered."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from coordination.intake.api_serializers import FILINGS, UnknownKind
from coordination.tickets.filing.drafts import Draft, Submission
from coordination.tickets.filing.submit import NOT_THEIRS, judge_many, submit_many
from projects.access.models import ApiKey
from projects.access.shape import merge, read_body
from projects.record.refusals import FieldError, Invalid, Missing, Refusal
from projects.register.models import Project

_CONTACT: Final = {"contact_name": ("contact", "name"), "contact_mobile": ("contact", "mobile")}
_BY_CODE: Final = "SELECT * FROM register_project WHERE code = ANY(%s)"

type Read = tuple[dict[str, Any], list[FieldError]]


def file_ticket(data: Any, *, by: ApiKey) -> Draft:
    """File what was sent; raises Invalid with every mistake of shape and of rule at once."""
    (outcome,) = file_each([data], by=by)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def file_each(
    items: Sequence[Any], *, all_or_nothing: bool = False, only_judge: bool = False, by: ApiKey
) -> list[Draft | Refusal]:
    """File each that was sent; what became of it, in their order.

    Where they are only judged, or one is refused and it is ``all_or_nothing``, none is saved.
    """
    read = [_read(item) for item in items]
    projects = _projects(values for values, _errors in read)
    outcomes: list[Submission | Refusal] = [_submission(*each, projects) for each in read]
    whole = [each for each in outcomes if isinstance(each, Submission)]
    only_judge |= all_or_nothing and len(whole) < len(outcomes)
    became = iter(_became(whole, all_or_nothing=all_or_nothing, only_judge=only_judge, by=by))
    return [
        _as_sent(next(became), errors) if isinstance(outcome, Submission) else outcome
        for outcome, (_values, errors) in zip(outcomes, read, strict=True)
    ]


def _became(
    whole: list[Submission], *, all_or_nothing: bool, only_judge: bool, by: ApiKey
) -> list[Draft | Refusal]:
    if not whole:
        return []
    if only_judge:
        return judge_many(submissions=whole, enterprise=by.enterprise, by=by)
    return submit_many(
        submissions=whole, enterprise=by.enterprise, all_or_nothing=all_or_nothing, by=by
    )


@cache
def _reader(kind: str) -> Any:
    """What reads a filing of the kind; it keeps nothing of what it has read."""
    return FILINGS.get(kind, UnknownKind)()


def _read(data: Any) -> Read:
    kind = data.get("kind") if isinstance(data, Mapping) else None
    return read_body(_reader(kind if isinstance(kind, str) and kind in FILINGS else ""), data)


def _projects(read: Iterable[dict[str, Any]]) -> dict[str, Project]:
    codes = {values["project"] for values in read if "project" in values}
    return {each.code: each for each in Project.objects.raw(_BY_CODE, [list(codes)])}


def _submission(
    values: dict[str, Any], errors: list[FieldError], projects: Mapping[str, Project]
) -> Submission | Refusal:
    if "project" not in values:
        return Invalid(errors)
    project = projects.get(values["project"])
    if project is None:
        return Missing(NOT_THEIRS)
    contact = values.get("contact") or {}
    kind, lines = values.get("kind", ""), values.get("lines")
    given = {name: values[name] for name in _PLAIN if name in values}
    return Submission(
        **given, kind=kind, project=project, title=values.get("title", ""),
        contact_name=contact.get("name", ""), contact_mobile=contact.get("mobile", ""),
        lines=lines if isinstance(lines, list) and kind else [], is_whole=not errors,
    )  # fmt: skip


_PLAIN: Final = ("detail", "urgency", "needed_by", "opened_lines")


def _as_sent(outcome: Draft | Refusal, shape: list[FieldError]) -> Draft | Refusal:
    """With what could not be read, and each path as it was sent."""
    if not isinstance(outcome, Invalid):
        return outcome
    return Invalid(merge(shape, [_path_as_sent(error) for error in outcome.errors]))


def _path_as_sent(error: FieldError) -> FieldError:
    """The API sends the contact as an object; the verb knows two fields."""
    path = _CONTACT.get(str(error.path[0]), error.path)
    return FieldError(path, error.message, error.code)
