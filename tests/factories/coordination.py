"""A small desk, as the verbs that make any desk would leave it.

``desk()`` gives two groups with a lead and two liaisons each, a director, a duty desk, an auditor,
a system and a security administrator, one enterprise with a key, and one project that the first
group serves; ``filed()`` files a ticket on it. Names are counted, so calling twice makes another.
"""

import functools
import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from coordination.groups.models import Assignment, Membership, ServiceGroup
from coordination.groups.serve import end_membership, join_group
from coordination.staff.models import Officer, Role
from coordination.tickets.filing.submit import submit
from coordination.tickets.models import Ticket
from projects.access.keys import issue_key
from projects.access.models import ApiKey
from projects.flow.actors import SYSTEM, System
from projects.record.clock import change, machine_now, now
from projects.register.models import Batch, District, Enterprise, Project
from projects.register.registration import add_participant, register_enterprise, register_project

PASSWORD: Final = "a-long-password-1"
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_count = itertools.count(1)


def uscc(number: int) -> str:
    """A synthetic code with the right check digit (GB 32100)."""
    body = f"91410305MA{number:07d}"
    total = sum(_ALPHABET.index(each) * pow(3, i, 31) for i, each in enumerate(body))
    return body + _ALPHABET[(31 - total % 31) % 31]


_hashed = functools.cache(make_password)  # slow by design, so once


def _unsaved(role: str) -> Officer:
    number = next(_count)
    return Officer(
        username=f"{role}{number}", password=_hashed(PASSWORD), name=f"{role} {number}", role=role,
        is_staff=True, mobile=f"138{number:08d}", password_set_at=machine_now(),
    )  # fmt: skip


def officer(role: str = Role.LIAISON, group: ServiceGroup | None = None) -> Officer:
    """An officer who can log in, in the group if one is given."""
    made = _unsaved(role)
    made.save()
    if group is not None:
        join_group(officer=made, group=group, by=director())
    return made


def officers(*wanted: tuple[str, ServiceGroup | None], by: Officer) -> list[Officer]:
    """What ``officer()`` makes for each, in two statements for all: most tests need a desk."""
    made = Officer.objects.bulk_create(_unsaved(role) for role, _ in wanted)
    with change() as at:
        Membership.objects.bulk_create(
            Membership(
                officer=each, group=group, during=DateTimeTZRange(at, None), recorded_at=at,
                recorded_by=by,
            )
            for each, (_, group) in zip(made, wanted, strict=True)
            if group is not None
        )  # fmt: skip
    return made


def leave_group(*, officer: Officer, by: Officer) -> None:
    """Let the officer serve in no group from now on; his work stays where it is."""
    with change() as at:
        end_membership(Officer.objects.select_for_update(no_key=True).get(pk=officer.pk), at, by)


def director() -> Officer:
    """The director; one for all."""
    found = Officer.objects.filter(role=Role.DIRECTOR).first()
    return found or officer(Role.DIRECTOR)


def group() -> ServiceGroup:
    """A service group with nobody in it."""
    number = next(_count)
    return ServiceGroup.objects.create(
        code=f"g{number}", name=f"第{number}组", ordinal=number % 30_000
    )


def enterprise(*, by: Officer | None = None) -> Enterprise:
    """An enterprise."""
    number = next(_count)
    return register_enterprise(uscc=uscc(number), name=f"示例企业{number}", by=by or director())


def project(*, by: Officer | None = None, **counted: Any) -> Project:
    """A project that nobody serves yet."""
    number = next(_count)
    batch, _made = Batch.objects.get_or_create(year=2020, ordinal=1, defaults={"name": "2020-1"})
    values: dict[str, Any] = {
        "name": f"示例项目{number}",
        "batch": batch,
        "level": "municipal",
        "phase": "continuing",
        "sector": "industry",
        "district": District.objects.get(code="410311"),
        "total_investment": Decimal(10),
        "annual_investment": Decimal(3),
    } | counted
    return register_project(code=f"LY-{number:04d}", by=by or director(), **values)


@dataclass
class Desk:
    """Everybody and everything around one project."""

    group: ServiceGroup
    lead: Officer
    liaison: Officer
    deputy: Officer
    other_group: ServiceGroup
    other_lead: Officer
    other_liaison: Officer
    helper: Officer
    director: Officer
    duty_desk: Officer
    auditor: Officer
    system_admin: Officer
    security_admin: Officer
    enterprise: Enterprise
    key: ApiKey
    token: str
    project: Project
    system: System = SYSTEM


def desk() -> Desk:
    """A desk in service."""
    own, other, by = group(), group(), director()
    client, site = enterprise(by=by), project(by=by)
    add_participant(project=site, enterprise=client, role="owner", start=date(2020, 1, 1), by=by)
    key, token = issue_key(enterprise=client, name="test", by=by)
    people = officers(
        (Role.GROUP_LEAD, own), (Role.LIAISON, own), (Role.LIAISON, own),
        (Role.GROUP_LEAD, other), (Role.LIAISON, other), (Role.LIAISON, other),
        (Role.DUTY_DESK, None), (Role.AUDITOR, None), (Role.SYSTEM_ADMIN, None),
        (Role.SECURITY_ADMIN, None), by=by,
    )  # fmt: skip
    lead, liaison, deputy, other_lead, other_liaison, helper = people[:6]
    duty_desk, auditor, system_admin, security_admin = people[6:]
    made = Desk(
        group=own, lead=lead, liaison=liaison, deputy=deputy, other_group=other,
        other_lead=other_lead, other_liaison=other_liaison, helper=helper, director=by,
        duty_desk=duty_desk, auditor=auditor, system_admin=system_admin,
        security_admin=security_admin, enterprise=client, key=key, token=token, project=site,
    )  # fmt: skip
    with change() as at:  # what take_on() writes for a project without tickets
        Assignment.objects.create(
            project=site, group=own, liaison=liaison, deputy=deputy, opened_by=duty_desk,
            during=DateTimeTZRange(at, None),
        )  # fmt: skip
    return made


def vehicle(**values: Any) -> dict[str, Any]:
    """A valid line of a vehicle-pass ticket."""
    return {
        "pass_type": "B", "plate": "豫C12345", "carrier": "示例运输", "driver_name": "张三",
        "driver_mobile": "13800138000", "cargo_category": "钢材", "origin": "410105",
        "destination": "410311", "valid_from": timezone.localdate(now()),
        "valid_to": timezone.localdate(now()) + timedelta(days=8),
        "blocked_checkpoint": "",
    } | values  # fmt: skip


def party(**values: Any) -> dict[str, Any]:
    """A valid line of a worker-return ticket."""
    leaves = now().replace(microsecond=0) + timedelta(days=1)
    return {
        "headcount": 20, "origin": "411602", "departs_at": leaves,
        "arrives_at": leaves + timedelta(hours=6), "mode": "coach", "seats": 40,
        "health_declared": True, "temperature_checked": True, "receiver": "李四",
        "receiver_mobile": "13900139000",
    } | values  # fmt: skip


def material(**values: Any) -> dict[str, Any]:
    """A valid line of a material-supply ticket."""
    return {
        "item": "水泥", "specification": "P.O 42.5", "quantity": Decimal(500), "unit": "吨",
        "in_stock": Decimal(120), "supplier": "示例水泥厂", "supplier_region": "洛阳",
        "needed_by": timezone.localdate(now()) + timedelta(days=3), "shortage": "transport",
    } | values  # fmt: skip


def haul(**values: Any) -> dict[str, Any]:
    """A valid line of a goods-transport ticket."""
    begins = now() + timedelta(days=1)
    return {
        "cargo": "商品混凝土", "tonnage": Decimal("120.5"), "vehicles": 6, "route": "新安县—洛龙区",
        "load_from": begins, "load_to": begins + timedelta(hours=4),
        "unload_from": begins + timedelta(hours=2), "unload_to": begins + timedelta(hours=8),
        "pass_needed": False,
    } | values  # fmt: skip


def protection(**values: Any) -> dict[str, Any]:
    """A valid line of an epidemic-control ticket."""
    return {
        "need": "masks", "quantity": 2000, "workers_on_site": 180, "isolation_rooms": 4,
        "site_closed_management": True, "real_name_register": True, "daily_temperature": True,
    } | values  # fmt: skip


LINES: Final = {
    "vehicle_pass": vehicle, "worker_return": party, "material_supply": material,
    "goods_transport": haul, "epidemic_control": protection,
}  # fmt: skip


def filed(at: Desk, kind: str = "vehicle_pass", **values: Any) -> Ticket:
    """A ticket that the desk's enterprise filed on the desk's project."""
    given: dict[str, Any] = {
        "kind": kind, "project": at.project, "enterprise": at.enterprise,
        "title": "运输车辆受阻", "contact_name": "王五", "contact_mobile": "13700137000",
        "lines": [LINES[kind]()], "by": at.key,
    }  # fmt: skip
    return submit(**(given | values))
