"""Rows whose every change of what counts is kept as a revision, whoever changes them.

A verb calls ``record_revision``, and the revision carries its time and its officer. Whoever changes
a row past the verbs (a shell, SQL) leaves the revision's number as it was; the revision is then
recorded by the database's clock, after the lock that verbs hold, so that a bulletin never misses
one that was recorded before its cut-off.

A verb reads the clock before it waits for the row. Its revision is therefore recorded at the time
of the newest one of that row, if that is later: revisions stand in the order in which they were
written.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.acts import ADDED, CHANGED, record_act
from projects.record.clock import RECORD_LOCK
from projects.record.findings import Difference, Finding, found
from projects.record.recorded_at import RecordedAtField
from projects.record.text_fields import LineField, following

_FUNCTION = """
    by_verb := TG_OP = 'INSERT' OR NEW.revision IS DISTINCT FROM OLD.revision;
    IF TG_OP = 'UPDATE' AND ({new}) IS NOT DISTINCT FROM ({old})
        AND NOT (by_verb AND NEW.revised_because <> '')
    THEN
        RETURN NULL;
    END IF;
    IF by_verb THEN
        moment := NEW.revised_at;
        author := NEW.revised_by_id;
        because := NEW.revised_because;
    ELSE
        PERFORM pg_advisory_xact_lock_shared({lock});
        moment := clock_timestamp() + make_interval(
            secs => coalesce((SELECT seconds FROM record_clock_offset), 0));
    END IF;
    INSERT INTO {table} ({owner}, {columns}, recorded_at, by_id, reason)
        SELECT NEW.id, {new}, greatest(moment, max(recorded_at)), author, because
        FROM {table} WHERE {owner} = NEW.id;
    RETURN NULL;
"""
_DIFFERING: Final = """
    SELECT '{label}', own.{key} FROM {of_table} AS own LEFT JOIN LATERAL (
        SELECT * FROM {table} AS each WHERE each.{owner} = own.{key} ORDER BY {newest} DESC LIMIT 1
    ) AS kept ON true
    WHERE ({own}) IS DISTINCT FROM ({kept}) ORDER BY own.{key}
"""


class Revised(models.Model):
    """A row of which a trigger keeps revisions: who revised it last, and when."""

    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    revised_at = RecordedAtField(_("revised at"), editable=False)
    revised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False,
        related_name="+", verbose_name=_("revised by"),
    )  # fmt: skip

    revised_because = LineField(_("revised because"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    def record_revision(
        self, *, changed: Collection[str], at: datetime, reason: str = "", by: Any
    ) -> None:
        """Save the fields named in ``changed``, a new row whole, as a revision of ``at``.

        With a ``reason`` the revision is kept even where nothing that counts was changed. The row
        may have been read before it was locked: its other columns are not written. Recorded as an
        act, too, with what a revision does not keep. Joins a ``change()``.
        """
        rows = type(self)._default_manager.select_for_update(no_key=True)
        stored = rows.filter(pk=self.pk).first()
        self.revised_at, self.revised_by, self.revised_because = at, by, reason
        if stored is None:
            self.save()
            record_act(ADDED, about=self, by=by)
            return
        self.revision = stored.revision + 1
        self.save(update_fields={*changed, *following(type(self), changed), *_REVISION_FIELDS})
        pairs = {name: (getattr(stored, name), getattr(self, name)) for name in changed}
        differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        record_act(CHANGED, about=self, changes=differing, by=by)


_REVISION_FIELDS: Final = ("revision", "revised_at", "revised_by", "revised_because")


def keeps_revisions(*, table: str, owner: str, columns: Sequence[str]) -> pgtrigger.Trigger:
    """After each insert, and each update of one of ``columns``, a row of ``table`` is written.

    ``owner`` is the column of ``table`` that names the row. Both tables have the columns; ``table``
    has ``recorded_at``, ``by_id`` and ``reason`` too.
    """
    new, old = (", ".join(f"{row}.{each}" for each in columns) for row in ("NEW", "OLD"))
    return pgtrigger.Trigger(
        name="keeps_revisions",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[
            ("moment", "timestamptz"), ("author", "bigint"), ("because", "text := ''"),
            ("by_verb", "boolean"),
        ],
        func=_FUNCTION.format(
            new=new, old=old, lock=RECORD_LOCK, table=table, owner=owner,
            columns=", ".join(columns),
        ),
    )  # fmt: skip


def differing(
    model: type[models.Model], *, table: str, owner: str, columns: Sequence[str], newest: str = "id"
) -> Iterator[Finding]:
    """Name every row of the model whose ``columns`` are not those of its newest row of ``table``.

    ``newest`` is the column of ``table`` by which its rows stand in order.
    """
    own, kept = (", ".join(f"{row}.{each}" for each in columns) for row in ("own", "kept"))
    statement = _DIFFERING.format(
        label=model._meta.label_lower, key=model._meta.pk.column, of_table=model._meta.db_table,
        table=table, owner=owner, newest=newest, own=own, kept=kept,
    )  # fmt: skip
    return found(statement, Difference.REVISION)
