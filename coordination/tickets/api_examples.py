"""Examples of filings for the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample


def _filing(kind: str, title: str, line: dict[str, Any]) -> OpenApiExample:
    value = {
        "kind": kind,
        "project": "LY2020-001",
        "title": title,
        "urgency": "urgent",
        "contact": {"name": "王师傅", "mobile": "13800138000"},
        "lines": [line],
    }
    return OpenApiExample(title, value=value, request_only=True)


FILING_EXAMPLES: Final = [
    _filing(
        "vehicle_pass",
        "钢材运输车通行",
        {
            "pass_type": "B", "plate": "豫C12345", "carrier": "洛阳示例物流", "driver_name": "李四",
            "driver_mobile": "13900139000", "cargo_category": "钢材", "origin": "410305",
            "destination": "410311", "valid_from": "2020-03-09", "valid_to": "2020-03-16",
        },
    ),
    _filing(
        "worker_return",
        "三十名工人返岗",
        {
            "headcount": 30, "origin": "411502", "departs_at": "2020-03-10T08:00:00+08:00",
            "arrives_at": "2020-03-10T16:00:00+08:00", "mode": "coach", "seats": 50,
            "health_declared": True, "temperature_checked": True, "receiver": "赵六",
            "receiver_mobile": "13700137000",
        },
    ),
    _filing(
        "material_supply",
        "水泥短缺",
        {
            "item": "水泥", "specification": "P.O 42.5", "quantity": "500", "unit": "吨",
            "in_stock": "120", "needed_by": "2020-03-20", "shortage": "transport",
        },
    ),
]  # fmt: skip
