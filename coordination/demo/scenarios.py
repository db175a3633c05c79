"""Scenarios of the demonstration's tickets: actions, each with its actor and delay."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final

from coordination.tickets.flow import Verb


class Who(Enum):
    """The role that acts; the person is determined when the action runs."""

    FILER = "filer"
    LIAISON = "liaison"
    LEAD = "lead"


@dataclass(frozen=True)
class Action:
    """One verb, a number of hours after the previous one."""

    verb: Verb
    who: Who
    hours: float
    inputs: dict[str, Any] = field(default_factory=dict)
    part: bool = False  # fulfil only half of the quantity


_ACCEPT = Action(Verb.ACCEPT, Who.LIAISON, 1.2)
_FULFIL = Action(Verb.FULFIL, Who.LIAISON, 6)
_HALF = Action(Verb.FULFIL, Who.LIAISON, 6, part=True)
_RESOLVE = Action(Verb.RESOLVE, Who.LIAISON, 2, {"result": "已与沿线及属地协调落实（示例）。"})
_CONFIRM = Action(Verb.CONFIRM, Who.FILER, 16, {"satisfaction": 5})
_WRITE_OFF = Action(Verb.WRITE_OFF, Who.LEAD, 18, {"follow_up": "已电话回访，情况属实（示例）。"})
_ASK = Action(Verb.ASK, Who.LIAISON, 1.5, {"question": "请补充行驶路线和到达时间（示例）。"})
_ANSWER = Action(Verb.SUPPLEMENT, Who.FILER, 3, {"answer": "已补充（示例）。"})
_REDO = Action(Verb.REDO, Who.FILER, 4, {"reason": "现场仍未放行，请再协调（示例）。"})
_REOPEN = Action(Verb.REOPEN, Who.LEAD, 20, {"reason": "问题再次出现（示例）。"})
_PASS_ON = Action(Verb.PASS_ON, Who.LIAISON, 2, {"reason": "事项主要在其他组服务的县区（示例）。"})
_DECLINE = Action(Verb.DECLINE, Who.LIAISON, 2, {"reason": "不属于重点项目要素保障范围（示例）。"})
_WITHDRAW = Action(Verb.WITHDRAW, Who.FILER, 5, {"reason": "车辆已自行安排（示例）。"})
_EXTEND = Action(Verb.EXTEND, Who.LIAISON, 3, {"amount": 1, "reason": "外省货源待发车（示例）。"})
_GRANT = Action(Verb.GRANT, Who.LEAD, 2)
_COMMENT = Action(Verb.COMMENT, Who.LIAISON, 1, {"text": "已联系属地部门（示例）。"})

SCENARIOS: Final[dict[str, tuple[Action, ...]]] = {
    "confirmed": (_ACCEPT, _FULFIL, _RESOLVE, _CONFIRM),
    "written_off": (_ACCEPT, _COMMENT, _FULFIL, _RESOLVE, _WRITE_OFF),
    "asked": (_ACCEPT, _ASK, _ANSWER, _FULFIL, _RESOLVE, _CONFIRM),
    "redone": (_ACCEPT, _FULFIL, _RESOLVE, _REDO, _RESOLVE, _CONFIRM),
    "reopened": (_ACCEPT, _FULFIL, _RESOLVE, _CONFIRM, _REOPEN, _RESOLVE, _WRITE_OFF),
    "passed_on": (_PASS_ON, _ACCEPT, _FULFIL, _RESOLVE, _WRITE_OFF),
    "part_met": (_ACCEPT, _HALF, _RESOLVE, _WRITE_OFF),
    "extended": (_ACCEPT, _EXTEND, _GRANT, _FULFIL, _RESOLVE, _CONFIRM),
    "declined": (_DECLINE,),
    "withdrawn": (_ACCEPT, _WITHDRAW),
    "submitted": (),
    "in_progress": (_ACCEPT, _COMMENT),
    "need_info": (_ACCEPT, _ASK),
    "half_done": (_ACCEPT, _HALF),
    "resolved": (_ACCEPT, _FULFIL, _RESOLVE),
}

# What happens to tickets left open on 9 March once the demonstration runs, in hours after its
# opening; tickets of other scenarios stay as they are.
_RESOLVE_LATER: Final = (_FULFIL, _RESOLVE, _WRITE_OFF)
SEQUELS: Final[dict[str, tuple[Action, ...]]] = {
    "submitted": (_ACCEPT, *_RESOLVE_LATER),
    "in_progress": _RESOLVE_LATER,
    "need_info": (_ANSWER, _FULFIL, _RESOLVE, _CONFIRM),
    "half_done": _RESOLVE_LATER,
    "resolved": (_CONFIRM,),
}

_SETTLED: Final = (
    "confirmed", "written_off", "confirmed", "asked", "confirmed", "redone", "written_off",
    "confirmed", "passed_on", "confirmed", "reopened",
)  # fmt: skip
_ENDED_OTHERWISE: Final = ("declined", "withdrawn", "declined")
_OPEN: Final = ("submitted", "in_progress", "need_info", "half_done", "resolved")


@dataclass(frozen=True)
class TicketBatch:
    """Tickets of one kind, filed evenly over some days, with these scenarios in turn."""

    kind: str
    scenarios: tuple[str, ...]
    count: int
    first: date
    last: date


_EARLY = (date(2020, 2, 5), date(2020, 3, 3))  # early enough to be ended by 9 March
_RECENT = (date(2020, 3, 6), date(2020, 3, 9))
_AFTER = (date(2020, 3, 10), date(2020, 3, 26))
_FIRST_WEEK = (date(2020, 3, 10), date(2020, 3, 16))  # which a visitor sees first
_PARTLY: Final = (*_SETTLED[:7], "part_met")

TICKET_BATCHES: Final = (
    TicketBatch("vehicle_pass", _SETTLED, 66, *_EARLY),
    TicketBatch("vehicle_pass", _ENDED_OTHERWISE, 5, *_EARLY),
    TicketBatch("vehicle_pass", _OPEN, 7, *_RECENT),
    TicketBatch("vehicle_pass", _SETTLED, 11, *_AFTER),
    TicketBatch("worker_return", _SETTLED, 27, *_EARLY),
    TicketBatch("worker_return", _ENDED_OTHERWISE, 2, *_EARLY),
    TicketBatch("worker_return", _OPEN, 5, *_RECENT),
    TicketBatch("worker_return", _SETTLED, 5, *_AFTER),
    TicketBatch("material_supply", _PARTLY, 12, *_EARLY),
    TicketBatch("material_supply", _ENDED_OTHERWISE, 2, *_EARLY),
    TicketBatch("material_supply", _OPEN, 5, *_RECENT),
    TicketBatch("material_supply", _PARTLY, 4, *_AFTER),
    TicketBatch("goods_transport", _PARTLY, 9, *_EARLY),
    TicketBatch("goods_transport", _OPEN, 4, *_RECENT),
    TicketBatch("epidemic_control", _PARTLY, 10, *_EARLY),
    TicketBatch("epidemic_control", _OPEN, 4, *_RECENT),
    TicketBatch(
        "vehicle_pass", ("confirmed", "asked", "in_progress", "extended"), 12, *_FIRST_WEEK
    ),
    TicketBatch("worker_return", ("confirmed", "submitted", "written_off"), 5, *_FIRST_WEEK),
    TicketBatch("material_supply", ("extended", "in_progress", "part_met"), 6, *_FIRST_WEEK),
    TicketBatch("goods_transport", ("written_off", "need_info", "confirmed"), 5, *_FIRST_WEEK),
    TicketBatch("epidemic_control", ("asked", "written_off", "in_progress"), 5, *_FIRST_WEEK),
)
