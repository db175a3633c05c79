"""The contents of the demonstration's filings; people and vehicles are made up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

ORIGINS: Final = ("370102", "410305", "410102", "130102", "610103", "320106", "410311", "140105")
HEADCOUNTS: Final = (18, 24, 32, 40, 22, 36)
CARGO: Final = ("铝锭", "钢筋", "商品混凝土", "盾构管片", "水泥", "机电设备")
MATERIALS: Final = (
    ("螺纹钢", "HRB400E Φ25", "吨"),
    ("水泥", "P·O 42.5", "吨"),
    ("电缆", "YJV22-10kV", "米"),
)
PROTECTION: Final = (
    ("masks", 3000), ("disinfectant", 200), ("thermometers", 20), ("isolation_rooms", 6),
    ("acceptance_check", 1),
)  # fmt: skip
CHECKPOINTS: Final = ("", "示例收费站卡点", "示例国道卡点")


def mobile(number: int) -> str:
    """A mobile number of the right form, by a pattern that no subscriber has."""
    return f"1380000{number % 10000:04d}"


def _vehicle(number: int, at: datetime, index: int) -> dict[str, Any]:
    day = timezone.localdate(at)
    serial = number * 3 + index
    return {
        "pass_type": ("A", "B", "ordinary")[serial % 3],
        "plate": f"豫C{10000 + serial * 37 % 90000:05d}",
        "carrier": f"示例运输企业{serial % 20 + 1:02d}",
        "driver_name": "示例司机",
        "driver_mobile": mobile(serial),
        "cargo_category": CARGO[number % len(CARGO)],
        "origin": ORIGINS[number % len(ORIGINS)],
        "destination": "410311",
        "valid_from": day,
        "valid_to": day + timedelta(days=7),
        "blocked_checkpoint": CHECKPOINTS[number % len(CHECKPOINTS)],
    }


def _party(number: int, at: datetime, index: int) -> dict[str, Any]:
    headcount = HEADCOUNTS[(number + index) % len(HEADCOUNTS)]
    leaves = at + timedelta(days=1)
    return {
        "headcount": headcount,
        "origin": ORIGINS[(number + index) % len(ORIGINS)],
        "departs_at": leaves,
        "arrives_at": leaves + timedelta(hours=8),
        "mode": "coach",
        "seats": headcount * 2,
        "health_declared": True,
        "temperature_checked": True,
        "receiver": "示例接收人",
        "receiver_mobile": mobile(number + 500),
    }


def _material(number: int, at: datetime, index: int) -> dict[str, Any]:
    item, specification, unit = MATERIALS[(number + index) % len(MATERIALS)]
    return {
        "item": item,
        "specification": specification,
        "quantity": 200 + number % 5 * 40,
        "unit": unit,
        "in_stock": 30,
        "supplier": f"示例供应商{number % 9 + 1}",
        "supplier_region": "河南省",
        "needed_by": timezone.localdate(at) + timedelta(days=10),
        "shortage": ("supplier_stopped", "transport", "price")[number % 3],
    }


def _goods(number: int, at: datetime, index: int) -> dict[str, Any]:
    begins = at + timedelta(hours=20 + index)
    return {
        "cargo": CARGO[(number + index) % len(CARGO)],
        "tonnage": 60 + number % 4 * 30,
        "vehicles": 3 + number % 4,
        "route": "新安县—连霍高速—洛龙区（示例）",
        "load_from": begins,
        "load_to": begins + timedelta(hours=4),
        "unload_from": begins + timedelta(hours=2),
        "unload_to": begins + timedelta(hours=8),
        "pass_needed": False,
    }


def _protection(number: int, _at: datetime, index: int) -> dict[str, Any]:
    need, quantity = PROTECTION[(number + index) % len(PROTECTION)]
    return {
        "need": need,
        "quantity": quantity,
        "workers_on_site": 80 + number % 6 * 30,
        "isolation_rooms": 2 + number % 3,
        "site_closed_management": True,
        "real_name_register": True,
        "daily_temperature": True,
    }


LINES: Final[dict[str, Callable[[int, datetime, int], dict[str, Any]]]] = {
    "vehicle_pass": _vehicle,
    "worker_return": _party,
    "material_supply": _material,
    "goods_transport": _goods,
    "epidemic_control": _protection,
}
TITLES: Final = {
    "vehicle_pass": "运输车辆通行协调（示例）",
    "worker_return": "外地工人点对点返岗（示例）",
    "material_supply": "重点原材料供应协调（示例）",
    "goods_transport": "建设物资运输调配（示例）",
    "epidemic_control": "工地疫情防控物资协调（示例）",
}


def filing_inputs(kind: str, number: int, at: datetime) -> dict[str, Any]:
    """All inputs of a filing of this kind; every third has two lines."""
    count = 2 if number % 3 == 0 and kind != "worker_return" else 1
    return {
        "kind": kind,
        "title": TITLES[kind],
        "detail": "演示数据：人员、车辆、数量均为示例。",
        "urgency": ("normal", "normal", "urgent", "critical")[number % 4],
        "contact_name": "示例联系人",
        "contact_mobile": mobile(number + 100),
        "lines": [LINES[kind](number, at, index) for index in range(count)],
    }
