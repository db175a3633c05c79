"""Which keys depend on which: a key may issue others, and may be replaced by a newer one."""

from collections.abc import Iterable

from django.db.models import Q

from projects.access.models import ApiKey


def keys_depending_on(key: ApiKey) -> set[int]:
    """The ids of the keys that end when the key is revoked: those issued by it, or by these.

    A key takes over what its predecessors had issued before it. What they issued afterwards, while
    both were valid, still depends on them.
    """
    issued = _issued_by(key)
    depending = set[int]()
    while issued:
        depending |= issued
        issued = _ids(Q(created_by_key__in=issued) | Q(replaces__in=issued)) - depending
    return depending


def _issued_by(key: ApiKey) -> set[int]:
    """Those that it issued and no successor took over, and those that it took over itself."""
    own = Q(created_by_key=key)
    successor = ApiKey.objects.filter(replaces=key).first()
    if successor is not None:
        own &= Q(created_at__gt=successor.created_at) & ~Q(pk=successor.pk)
    issued, before = _ids(own), key.replaces
    if before is not None:
        issued |= _taken_over(before, key)
    return issued


def _taken_over(before: ApiKey, key: ApiKey) -> set[int]:
    """What a predecessor had issued or taken over when the key replaced it."""
    issued = _ids(Q(created_by_key=before, created_at__lte=key.created_at) & ~Q(pk=key.pk))
    if before.replaces is not None:
        issued |= _taken_over(before.replaces, before)
    return issued


def _ids(condition: Q) -> set[int]:
    rows: Iterable[int] = ApiKey.objects.filter(condition).values_list("pk", flat=True)
    return set(rows)
