"""The whole desk in the foreground, with the Luoyang data set."""

import json
import sys
import time
import urllib.error
import urllib.request
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from kombu.exceptions import OperationalError

from config.celery import app
from config.embedded import default_home
from config.stack import Unusable, run
from coordination.demo.keys import logins, project_code, read_token
from coordination.demo.people import PASSWORD
from projects.record.clock import now

BULLETIN: Final = "/api/v1/bulletins/2020-03-09/"
NOW: Final = "/api/v1/now/"
PATIENCE = 20.0


def ticket_line(address: str, token: str, today: date) -> str:
    """A complete shell command that files a ticket, a new one at each run.

    ``today`` is the server's: a pass cannot begin in the past.
    """
    vehicle = {
        "pass_type": "B", "plate": "豫C12345", "carrier": "示例运输企业", "driver_name": "示例司机",
        "driver_mobile": "13800138000", "cargo_category": "铝锭", "origin": "410305",
        "destination": "410311", "valid_from": f"{today}",
        "valid_to": f"{today + timedelta(days=7)}",
    }  # fmt: skip
    ticket = {
        "kind": "vehicle_pass", "project": project_code(), "title": "运输车辆通行协调",
        "contact": {"name": "示例联系人", "mobile": "13800138000"}, "lines": [vehicle],
    }  # fmt: skip
    body = json.dumps(ticket, ensure_ascii=False)
    return (
        f"curl -sS {address}/api/v1/tickets/ -H 'Authorization: Bearer {token}'"
        " -H 'Content-Type: application/json'"
        ' -H "Idempotency-Key: demo-$(date +%s)-$$-$RANDOM"'
        f" -d '{body}'"
    )


def _answer(url: str, token: str) -> Any:
    """The API's answer at the address; None if it is not 200."""
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - an address of our own
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310 - our own server
            return json.load(answer) if answer.status == HTTPStatus.OK else None
    except (urllib.error.URLError, OSError, ValueError):
        return None


def build_bulletins(address: str, token: str) -> bool:
    """Let the worker build missing bulletins; returns whether that of 9 March is built."""
    try:
        app.send_task("coordination.bulletins.tasks.build_missing_bulletins", retry=False)
    except OperationalError:
        return False
    deadline = time.monotonic() + PATIENCE
    while _answer(f"{address}{BULLETIN}", token) is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def welcome(address: str) -> str:
    """The welcome text: addresses, logins, and a command to try."""
    token = read_token(default_home())
    built, clock = build_bulletins(address, token), _answer(f"{address}{NOW}", token)
    at = datetime.fromisoformat(clock["now"]) if clock else now()
    lines = [
        "",
        f"直通车 · Zhitongche    {address}/admin/",
        f"  演示时间 it is now:   {at:%Y-%m-%d %H:%M}",
        "",
        f"  密码 password (all):  {PASSWORD}",
        *(f"  {username:<10} {title}" for username, title in logins()),
        "",
        "  通报 bulletin of 9 March 2020（示例数据）:",
        f"  curl -sS {address}{BULLETIN} -H 'Authorization: Bearer {token}'",
        *(() if built else ("  (the worker is still building the bulletins)",)),
        "",
        "  以企业身份提交工单 file a ticket as an enterprise:",
        f"  {ticket_line(address, token, at.date())}",
        "",
        "  时间前进（也可点页面上方的按钮） move the clock on (or press the button on any page):",
        "  .venv/bin/python manage.py demo_forward 1d    # 2h, monday",
        "",
        f"  接口文档 API docs:  {address}/api/docs/",
        "  Ctrl-C 停止，数据保留。 Ctrl-C stops it; started again, it keeps what was done.",
        "",
    ]
    return "\n".join(lines)


def _say(text: str) -> None:
    """Print, also if the terminal's encoding has no Chinese."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()


class Command(BaseCommand):
    """`manage.py demo`, which is what `make demo` calls."""

    help = "As `up`, with the Luoyang data set of 9 March 2020; prints logins and a line to try."
    requires_system_checks = []  # the database may not be running yet

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until Ctrl-C or SIGTERM; refuse if the clock may not be set."""
        if not settings.DEMONSTRATION:
            raise CommandError(
                "DEPLOYMENT: the demonstration does not run in production; unset DATABASE_URL, "
                "or set DEPLOYMENT=demo for a database of its own"
            )
        try:
            run(
                before=[["resume_clock"], ["load_demo"]],
                ready=lambda address: _say(welcome(address)),
            )
        except Unusable as error:
            raise CommandError(str(error)) from error
