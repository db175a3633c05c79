"""The figures are counted: without one report there is one resumption less."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from coordination.bulletins.build import build
from coordination.demo.load import load
from projects.progress.models import DailyReport
from projects.register.models import Project

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.django_db(transaction=True)
def test_without_one_resumption_report_one_less_has_resumed() -> None:
    load(leave_out_report_of="LY2020-099")  # which resumed on the cut-off day itself
    left_out = Project.objects.get(code="LY2020-099")
    assert not DailyReport.objects.filter(project=left_out).exists()
    resumption = build(cut_off=CUT_OFF).blocks["resumption"]
    figures = resumption.get("figures", resumption)
    assert (figures["planned"], figures["resumed"], figures["rate"]) == (331, 312, "94.3")
