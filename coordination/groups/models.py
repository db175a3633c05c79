"""Service groups, who serves in them, and who answers for which project when."""

from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.record.facts import NEVER_TRUNCATED, Fact, Journaled
from projects.record.recorded_at import RecordedAtField
from projects.record.revisions import Revised, keeps_revisions
from projects.record.text_fields import LineField
from projects.register.models import District, Project

NEVER_DELETED: Final = pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


class ServiceGroup(Revised):
    """A coordination service group (协调服务组). There are five; they are rows, not code."""

    code = models.SlugField(_("code"), max_length=12, unique=True)
    name = LineField(_("name"), max_length=60)
    ordinal = models.PositiveSmallIntegerField(_("order"), unique=True)
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("service group")
        verbose_name_plural = _("service groups")
        ordering: ClassVar = ["ordinal"]
        triggers: ClassVar = [
            keeps_revisions(
                table="groups_grouprevision", owner="group_id", columns=("name", "is_active")
            )
        ]

    def __str__(self) -> str:
        return self.name


class GroupRevision(Fact):
    """A group's name, and whether it is in service, from one recorded moment on.

    The database writes it with every insert and change of the group's row.
    """

    group = models.ForeignKey(
        ServiceGroup, models.PROTECT, verbose_name=_("service group"), related_name="revisions"
    )
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("in service"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("group revision")
        verbose_name_plural = _("group revisions")
        ordering: ClassVar = ["group", "recorded_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["group", "-recorded_at", "-id"], name="group_at_a_time")
        ]

    def __str__(self) -> str:
        return self.name


# A range that was recorded may be shortened once, from the moment on at which that is recorded;
# one that had not begun becomes empty. What was so before that moment stays as it was.
_ENDING_ONLY = """
    IF OLD.ended_at IS NOT NULL
        OR NEW.ended_at IS NULL
        OR NOT NEW.during <@ OLD.during
        OR (isempty(NEW.during) AND lower(OLD.during) < NEW.ended_at)
        OR (NOT isempty(NEW.during) AND (
            lower(NEW.during) IS DISTINCT FROM lower(OLD.during)
            OR upper(NEW.during) IS NULL OR upper(NEW.during) < NEW.ended_at))
        OR (to_jsonb(NEW) - 'during' - 'ended_at' - 'ended_by_id') IS DISTINCT FROM
           (to_jsonb(OLD) - 'during' - 'ended_at' - 'ended_by_id')
    THEN
        RAISE EXCEPTION 'a row of % may only be ended', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class Dated(Journaled):
    """A fact that holds for a time: when it holds, and when its begin and end were recorded."""

    during = DateTimeRangeField(_("during"))
    recorded_at = RecordedAtField(_("recorded at"), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("recorded by"),
    )  # fmt: skip
    ended_at = models.DateTimeField(_("end recorded at"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("ended by"),
    )  # fmt: skip

    class Meta:
        abstract = True
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="ending_only",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_ENDING_ONLY,
            ),
            NEVER_DELETED,
            NEVER_TRUNCATED,
        ]


class Membership(Dated):
    """An officer serves in one group at a time."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"),
        related_name="memberships",
    )  # fmt: skip
    group = models.ForeignKey(
        ServiceGroup, models.PROTECT, verbose_name=_("service group"), related_name="memberships"
    )

    class Meta(Dated.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_group_at_a_time",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This officer already serves in a group at that time."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.group}"


class Leave(Dated):
    """An officer is away; the deputy of each of his projects stands in."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="leaves"
    )
    reason = LineField(_("reason"), max_length=200, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_leave_at_a_time",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This officer is already on leave at that time."),
            )
        ]

    def __str__(self) -> str:
        return str(self.officer)


class DistrictPost(Dated):
    """A district reporter (县区填报员) reports on the projects of one district.

    He may have several districts, and a district several reporters.
    """

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"),
        related_name="district_posts",
    )  # fmt: skip
    district = models.ForeignKey(
        District, models.PROTECT, related_name="+",
        verbose_name=pgettext_lazy("administrative unit", "district"),
    )  # fmt: skip

    class Meta(Dated.Meta):
        verbose_name = _("district post")
        verbose_name_plural = _("district posts")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_post_at_a_time",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    ("district", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This officer already reports for that district."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.district}"


class Responsibility(Dated):
    """A leader in charge (分包领导) answers for the project; one at a time."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("leader in charge"),
        related_name="responsibilities",
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("project"), related_name="responsibilities"
    )

    class Meta(Dated.Meta):
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_leader_at_a_time",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another leader answers for this project then."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.project}"


_CLOSING_ONLY = """
    IF NOT upper_inf(OLD.during)
        OR upper_inf(NEW.during)
        OR lower(NEW.during) IS DISTINCT FROM lower(OLD.during)
        OR (to_jsonb(NEW) - 'during' - 'closed_by_id') IS DISTINCT FROM
           (to_jsonb(OLD) - 'during' - 'closed_by_id')
    THEN
        RAISE EXCEPTION 'an assignment may only be closed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class Assignment(Journaled):
    """One group and one named liaison answer for the project (一对一) for a time.

    Two cannot overlap: the database excludes it. The only change that a row allows is the end
    of an open range, so who answered on any day can always be determined.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("project"), related_name="assignments"
    )
    group = models.ForeignKey(
        ServiceGroup, models.PROTECT, verbose_name=_("service group"), related_name="assignments"
    )
    liaison = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("liaison"), related_name="+"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        verbose_name=_("deputy"), related_name="+",
    )  # fmt: skip
    during = DateTimeRangeField(_("during"))
    reason = LineField(_("reason"), max_length=200, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("ended by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="served_one_to_one",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another assignment already covers that time."),
            ),
            models.CheckConstraint(
                condition=~models.Q(deputy=models.F("liaison")), name="deputy_is_another"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="closing_only",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_CLOSING_ONLY,
            ),
            NEVER_DELETED,
            NEVER_TRUNCATED,
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.group}"
