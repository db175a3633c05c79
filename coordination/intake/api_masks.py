"""Personal data masked in answers, for keys whose scope leaves it out (``read_masked``).

The same that officers see masked: the contact, the persons in the lines, and numbers in words;
also the names of files, and numbers in the enterprise's own references.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from coordination.tickets.kinds.registry import KINDS
from projects.access.models import ApiKey
from projects.record.masks import mask_name, mask_numbers, mask_phone, mask_reference
from projects.register.identifiers import SealedPhoneField

type Mask = Callable[[str], str]
_OF_A_TICKET: Final = ("external_id", "detail", "contact", "lines", "proposed_amendment")
_NO_PERSON: Final = "project"  # has a name too


def masked_ticket(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A whole ticket as the API shows it, masked."""
    return {**shown, **{name: _masked(shown[name], name) for name in _OF_A_TICKET}}


def masked_for(by: ApiKey, rows: Iterable[Any], *names: str) -> list[Any]:
    """The rows, with what these names hold masked unless the caller sees it as it is."""
    if not by.sees_masked:
        return list(rows)
    return [{**row, **{name: _masked(row[name], name) for name in names}} for row in rows]


def _masked(value: Any, name: str) -> Any:
    """Each text masked by its name, whatever it stands in; what is empty stays so."""
    if isinstance(value, Mapping):
        if "pointer" in value:  # a change, whose texts are those of the field that it names
            name = value["pointer"].rpartition("/")[2]
            return {**value, **{each: _masked(value[each], name) for each in ("before", "after")}}
        return {
            each: below if each == _NO_PERSON else _masked(below, each)
            for each, below in value.items()
        }
    if isinstance(value, list):
        return [_masked(each, name) for each in value]
    return _masks().get(name, mask_numbers)(value) if value and isinstance(value, str) else value


@cache
def _masks() -> dict[str, Mask]:
    """How what may name a person is masked: the contact, files, references, lines' fields."""
    masks: dict[str, Mask] = {
        "name": mask_name, "mobile": mask_phone, "contact_name": mask_name,
        "contact_mobile": mask_phone, "file_name": mask_name, "external_id": mask_reference,
    }  # fmt: skip
    for kind in KINDS.values():
        for name in kind.personal:
            field = kind.model._meta.get_field(name)
            masks[name] = mask_phone if isinstance(field, SealedPhoneField) else mask_name
    return masks
