"""The verb that settles a doubtful figure of a report."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from projects.progress.models import DailyReport, FlagSettlement, ReportFlag
from projects.progress.queries_reporting import open_flags
from projects.record.clock import change
from projects.record.masks import has_numbers
from projects.record.refusals import Checker, NotAllowed
from projects.register.models import Project
from projects.register.registration import field_errors, require_permission


def settle_flag(*, flag: ReportFlag, outcome: str, note: str, by: AbstractUser) -> FlagSettlement:
    """Record what an officer found out: the figure is right, or it is corrected.

    Raises NotAllowed where it is settled or the report was amended since, Invalid where the note
    is missing or holds a mobile or an ID number.
    """
    require_permission(by, "progress.add_flagsettlement")
    with change() as at:
        report = DailyReport.objects.get(pk=flag.report_id)
        Project.objects.select_for_update(of=("self",)).get(pk=report.project_id)
        if not open_flags().filter(pk=flag.pk).exists():
            raise NotAllowed(_("This waits no longer: it is settled, or the report was amended."))
        row = FlagSettlement(
            flag_id=flag.pk, outcome=outcome, note=note, officer_id=by.pk, recorded_at=at
        )
        check = Checker(field_errors(row, exclude=("flag", "officer")))
        check.require(
            not has_numbers(row.note), "note", _("Leave mobiles and ID numbers out."),
            "personal-number",
        )  # fmt: skip
        check.finish()
        row.save(force_insert=True)
        return row
