"""What the API's tests stand on: two enterprises, a project of each, and who serves them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone
from rest_framework.test import APIClient

from coordination.groups.models import Assignment, Membership, ServiceGroup
from coordination.staff.models import Officer, Role
from coordination.tickets.models import Ticket, TicketEvent
from projects.access.keys import issue_key
from projects.access.models import ApiKey, IdempotentRequest
from projects.record.clock import now
from projects.register.models import (
    Batch,
    District,
    Enterprise,
    ParticipantRole,
    Project,
    ProjectParticipant,
    ProjectRevision,
)

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass
class Scene:
    """Project P-1 of ``own``, served; P-2 of ``other``, not served."""

    own: Enterprise
    other: Enterprise
    project: Project
    foreign: Project
    lead: Officer
    liaison: Officer
    desk: Officer
    key: ApiKey
    client: APIClient
    stranger: APIClient


def client_with(token: str, language: str = "en") -> APIClient:
    """A caller with this key, who prefers the language."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_ACCEPT_LANGUAGE=language)
    return client


def make_project(code: str, enterprise: Enterprise) -> Project:
    batch, _ = Batch.objects.get_or_create(year=2020, ordinal=1, name="2020 first")
    district, _ = District.objects.get_or_create(
        code="410305", defaults={"name": "涧西区", "kind": "district", "valid": DateRange()}
    )
    counted = {
        "name": f"Project {code}", "batch": batch, "level": "municipal", "phase": "continuing",
        "sector": "industry", "district": district, "total_investment": Decimal("12.5"),
        "annual_investment": Decimal("2.25"), "planned_resumption": date(2020, 2, 20),
    }  # fmt: skip
    project = Project.objects.create(code=code, **counted)
    ProjectRevision.objects.create(project=project, number=1, recorded_at=now(), **counted)
    ProjectParticipant.objects.create(
        project=project, enterprise=enterprise, role=ParticipantRole.OWNER,
        during=DateRange(date(2020, 1, 1), None),
    )  # fmt: skip
    return project


def serve(project: Project, group: ServiceGroup, liaison: Officer, by: Officer) -> None:
    since = datetime(2020, 1, 1, tzinfo=CHINA)
    Assignment.objects.create(
        project=project, group=group, liaison=liaison, opened_by=by,
        during=DateTimeTZRange(since, None),
    )  # fmt: skip


def _officer(username: str, role: Role, name: str) -> Officer:
    return Officer.objects.create(username=username, role=role, name=name, mobile="13600136000")


def build() -> Scene:
    desk = _officer("desk", Role.DUTY_DESK, "Desk")
    lead, liaison = _officer("lead", Role.GROUP_LEAD, "Lead"), _officer("li", Role.LIAISON, "Li")
    group, _ = ServiceGroup.objects.get_or_create(
        code="g-api", defaults={"name": "Group A", "ordinal": 91}
    )
    since = DateTimeTZRange(datetime(2020, 1, 1, tzinfo=CHINA), None)
    for officer in (lead, liaison):
        Membership.objects.create(officer=officer, group=group, during=since)
    own = Enterprise.objects.create(uscc="91410305MA0000015X", name="Own")
    other = Enterprise.objects.create(uscc="91440101MA5CJQ4N59", name="Other")
    project, foreign = make_project("P-1", own), make_project("P-2", other)
    serve(project, group, liaison, desk)
    key, token = issue_key(enterprise=own, name="tests", by=desk)
    _key, others = issue_key(enterprise=other, name="tests", by=desk)
    return Scene(
        own, other, project, foreign, lead, liaison, desk, key, client_with(token),
        client_with(others),
    )  # fmt: skip


def day(offset: int) -> str:
    return (timezone.localdate(now()) + timedelta(days=offset)).isoformat()


def vehicle(**changes: Any) -> dict[str, Any]:
    return {
        "pass_type": "B", "plate": "豫C12345", "trailer_plate": "", "carrier": "Carrier",
        "driver_name": "Driver", "driver_mobile": "13900139000", "cargo_category": "steel",
        "origin": "410305", "destination": "410311", "valid_from": day(0), "valid_to": day(7),
        "blocked_checkpoint": "", **changes,
    }  # fmt: skip


def workers(**changes: Any) -> dict[str, Any]:
    return {
        "headcount": 30, "origin": "411502", "departs_at": f"{day(1)}T08:00:00+08:00",
        "arrives_at": f"{day(1)}T16:00:00+08:00", "mode": "coach", "seats": 60,
        "health_declared": True, "temperature_checked": True, "symptom_or_contact_14d": "none",
        "isolation_site": "", "receiver": "Receiver", "receiver_mobile": "13700137000", **changes,
    }  # fmt: skip


def material(**changes: Any) -> dict[str, Any]:
    return {
        "item": "cement", "specification": "42.5", "quantity": "500.000", "unit": "吨",
        "in_stock": "120.000", "supplier": "", "supplier_region": "", "needed_by": day(10),
        "shortage": "transport", **changes,
    }  # fmt: skip


def goods(**changes: Any) -> dict[str, Any]:
    return {
        "cargo": "concrete", "tonnage": "120.000", "vehicles": 6, "route": "G30",
        "load_from": f"{day(1)}T06:00:00+08:00", "load_to": f"{day(1)}T10:00:00+08:00",
        "unload_from": f"{day(1)}T08:00:00+08:00", "unload_to": f"{day(1)}T14:00:00+08:00",
        "pass_needed": False, **changes,
    }  # fmt: skip


def protection(**changes: Any) -> dict[str, Any]:
    return {
        "need": "masks", "quantity": 2000, "unit": "只", "workers_on_site": 180,
        "isolation_rooms": 4, "site_closed_management": True, "real_name_register": True,
        "daily_temperature": True, **changes,
    }  # fmt: skip


MADE = {
    "vehicle_pass": vehicle, "worker_return": workers, "material_supply": material,
    "goods_transport": goods, "epidemic_control": protection,
}  # fmt: skip


def filing(kind: str = "vehicle_pass", *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "kind": kind, "project": "P-1", "title": "A title", "detail": "Details",
        "urgency": "normal", "contact": {"name": "Wang", "mobile": "13800138000"},
        "needed_by": None, "lines": list(lines) or [MADE[kind]()], **changes,
    }  # fmt: skip


def counts() -> tuple[int, int, int]:
    return (
        Ticket.objects.count(),
        TicketEvent.objects.count(),
        IdempotentRequest.objects.count(),
    )
