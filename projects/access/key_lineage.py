"""Which keys depend on which: a key may issue others, and may be replaced by a newer one."""

from collections.abc import Iterable

from django.db.models import Q

from projects.access.models import ApiKey


def keys_depending_on(key: ApiKey) -> set[int]:
    """The ids of the keys that end when the key is revoked: those issued by it, or by these.

    A key takes over from those that it replaces. So keys issued by its predecessors depend on it,
    and on a key that has a successor in use nothing depends any more.
    """
    if ApiKey.objects.filter(replaces=key, revoked_at=None).exists():
        return set()
    line = _line_of(key)
    issued = _ids(Q(created_by_key__in=line)) - line
    depending = set[int]()
    while issued:
        depending |= issued
        issued = _ids(Q(created_by_key__in=issued) | Q(replaces__in=issued)) - depending
    return depending


def _line_of(key: ApiKey) -> set[int]:
    """The key, those that it replaced, and those that were to replace it."""
    line, found = set[int](), {key.pk}
    while found - line:
        line |= found
        found = _ids(Q(replaces__in=line) | Q(replaced_by__in=line))
    return line


def _ids(condition: Q) -> set[int]:
    rows: Iterable[int] = ApiKey.objects.filter(condition).values_list("pk", flat=True)
    return set(rows)
