"""The figures are counted: without one report there is one resumption less."""

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from config.embedded import recall
from coordination.demo.keys import project_code
from coordination.staff.models import Officer
from projects.access.keys import issue_key
from projects.progress.models import DailyReport
from projects.register.models import Enterprise, Project
from tests.bed.database import superuser
from tests.bed.servers import HOME
from tests.coordination.demo.luoyang import luoyang
from tests.factories.bulletins import draft_of, in_force

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
RESUMED_ON_THE_DAY = "LY2020-099"


@pytest.mark.django_db(transaction=True)
def test_without_one_resumption_report_one_less_has_resumed(client: Client) -> None:
    with luoyang() as database:
        left_out = Project.objects.get(code=RESUMED_ON_THE_DAY)
        with superuser(recall(Path(os.environ[HOME])), database) as connection:
            connection.execute("SET session_replication_role = replica")
            deleted = connection.execute(
                "DELETE FROM progress_dailyreport WHERE project_id = %s", [left_out.pk]
            )
            assert deleted.rowcount == 1
        assert not DailyReport.objects.filter(project=left_out).exists()
        in_force(draft_of(CUT_OFF))
        _key, token = issue_key(
            enterprise=Enterprise.objects.get(participations__project__code=project_code()),
            name="test",
            by=Officer.objects.get(username="dutydesk"),
        )
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.get("/api/v1/bulletins/2020-03-09/", headers=headers)
    resumption = answer.json()["figures"]["resumption"]
    assert (resumption["planned"], resumption["resumed"], resumption["rate"]) == (331, 312, "94.3")
