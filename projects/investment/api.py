"""Investment over HTTP: the owner reads its plan, acknowledges it, and states its months."""

from decimal import Decimal
from functools import cache, partial
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.access import document
from projects.access.answers import TextOrNull
from projects.access.authentication import caller_of
from projects.access.models import ApiKey
from projects.access.once import once
from projects.access.shape import Quantity, StrictSerializer, Whole, Words, judged
from projects.investment.issue import acknowledge_plan, require_owner
from projects.investment.models import MonthEnd
from projects.investment.month_end import revise_month_end
from projects.investment.progress_of_time import percent
from projects.investment.queries_issues import STAGES
from projects.investment.queries_panel import Month, Quarter, Year, year_of
from projects.investment.queries_sums import gap_of, light_of, progress_of
from projects.record.clock import now
from projects.record.masks import mask_numbers
from projects.record.refusals import Missing
from projects.register.models import Project

_FOUR: Final = Decimal("0.0001")
_DIGITS: Final = 22  # twelve months of any amount in 亿元 with six decimals, and more
_TWO: Final = Decimal("0.01")
_YI: Final = "in 亿元 (hundred million yuan)"
_WAN: Final = "in 万元 (ten thousand yuan)"


def _amount(places: int, text: str, *, nullable: bool = True) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=_DIGITS, decimal_places=places, allow_null=nullable, help_text=text
    )


def _rate(text: str) -> serializers.CharField:
    return serializers.CharField(allow_null=True, help_text=text)


class InvestmentMonth(serializers.Serializer[Any]):
    """One month of the year."""

    month = serializers.IntegerField(help_text="The month, counted from 1.")
    planned = _amount(2, f"What is planned, {_WAN}; null if not planned.")
    actual = _amount(
        2,
        f"What was invested, {_WAN}: as stated after the month's end, or else by its last daily "
        "report; null if neither states it.",
    )
    reported = _amount(2, f"By the month's last daily report that states it, {_WAN}; or null.")
    stated = _amount(2, f"As stated after the month's end, {_WAN}; or null.")
    paid = _amount(2, f"What was paid in the month, {_WAN}; null if not stated.")
    revision = serializers.IntegerField(
        allow_null=True,
        help_text="Counts the statements after the month's end, from 1; null without one.",
    )


class InvestmentQuarter(serializers.Serializer[Any]):
    """One quarter of the year and its months."""

    quarter = serializers.IntegerField(help_text="The quarter, counted from 1.")
    target = _amount(4, f"What is planned, {_YI}; null if not planned.")
    actual = _amount(6, f"What was invested so far, {_YI}.", nullable=False)
    months = InvestmentMonth(many=True, help_text="Its three months.")


class PlanState(serializers.Serializer[Any]):
    """Whether the plan was issued, and acknowledged."""

    state = serializers.ChoiceField(
        choices=list(STAGES),
        help_text="`changed`: since it was issued; it cannot be acknowledged until it is again.",
    )
    issued_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was issued last; null before."
    )
    acknowledged_at = serializers.DateTimeField(
        allow_null=True, help_text="When that was acknowledged; null before."
    )


class Investment(serializers.Serializer[Any]):
    """A project's plan of the running year, and what was invested."""

    year = serializers.IntegerField(help_text="A calendar year.")
    annual_plan = _amount(4, f"The plan of the year, {_YI}.", nullable=False)
    year_actual = _amount(6, f"What was invested in the year so far, {_YI}.", nullable=False)
    rate = _rate("`year_actual` of `annual_plan` in percent; null where nothing is planned.")
    time_progress = _rate("What is compared with the rate, in percent; or null.")
    gap = _rate("`rate` less `time_progress`, in points; negative if behind; or null.")
    light = serializers.ChoiceField(
        choices=["green", "yellow", "red"], allow_null=True,
        help_text="By the rule that the centre has chosen; null where there is no rate.",
    )  # fmt: skip
    missing = _amount(6, f"What is missing to the plan of the year, {_YI}.", nullable=False)
    needed_monthly = _amount(
        4, f"What each month that is left must bring of it, {_YI}; null after the last."
    )
    plan = PlanState(help_text="Whether the plan was issued, and acknowledged.")
    quarters = InvestmentQuarter(many=True, help_text="The four quarters.")


class MonthEndIn(StrictSerializer):
    """What a month came to; it holds over the month's daily reports."""

    year = Whole(help_text="A calendar year.")
    month = Whole(help_text="The month, counted from 1; it must be over.")
    amount = Quantity(
        max_digits=14, decimal_places=2, help_text=f"What was invested in the month, {_WAN}."
    )
    paid = Quantity(
        max_digits=14, decimal_places=2, required=False, allow_null=True,
        help_text=f"What was paid in the month, {_WAN}; null if not stated.",
    )  # fmt: skip
    evidence = Words(
        required=False, allow_blank=True, help_text="Visible progress; at most 2,000 characters."
    )
    reason = Words(
        required=False, allow_blank=True,
        help_text="Why it is stated again; needed from the second statement on.",
    )  # fmt: skip


class MonthEndOut(serializers.ModelSerializer[MonthEnd]):
    """What a month came to, as it was recorded."""

    evidence = serializers.SerializerMethodField(help_text="Visible progress; null if not stated.")

    reason = TextOrNull(help_text="Why it was stated again; null the first time.")

    class Meta:
        model = MonthEnd
        fields = (
            "year", "month", "amount", "paid", "evidence", "revision", "reason", "recorded_at",
        )  # fmt: skip
        extra_kwargs = {
            "year": {"help_text": "A calendar year."},
            "month": {"help_text": "The month, counted from 1."},
            "amount": {"help_text": f"What was invested in the month, {_WAN}."},
            "paid": {"help_text": f"What was paid in the month, {_WAN}; null if not stated."},
            "revision": {"help_text": "Counts its statements of the month, from 1."},
            "recorded_at": {"help_text": "When it was recorded."},
        }

    def get_evidence(self, fact: MonthEnd) -> str | None:
        by: ApiKey = self.context["by"]
        words: str = getattr(getattr(fact, "narrative", None), "evidence", "")
        return (mask_numbers(words) if by.sees_masked else words) or None


class Acknowledgement(StrictSerializer):
    """Nothing is asked."""


def _project(request: Request, code: str) -> Project:
    """The project. Raises Missing if it has left, or unless the caller is its owner today."""
    found = Project.objects.filter(code=code, left_at__isnull=True).first()
    if found is None:
        raise Missing
    require_owner(found, caller_of(request))
    return found


def _month(month: Month) -> dict[str, Any]:
    end = month.end
    return {
        "month": month.number, "planned": _exact(month.planned, _TWO), "actual": month.actual,
        "reported": month.reported, "stated": end.amount if end else None,
        "paid": end.paid if end else None, "revision": end.revision if end else None,
    }  # fmt: skip


def _exact(amount: Decimal | None, places: Decimal) -> Decimal | None:
    return None if amount is None else amount.quantize(places)


def _quarter(quarter: Quarter) -> dict[str, Any]:
    return {
        "quarter": quarter.number, "target": quarter.target, "actual": quarter.actual,
        "months": [_month(each) for each in quarter.months],
    }  # fmt: skip


def _plan(year: Year) -> dict[str, Any]:
    issue = year.issued.issue
    acknowledged = year.issued.acknowledgement
    return {
        "state": year.issued.stage, "issued_at": issue.recorded_at if issue else None,
        "acknowledged_at": acknowledged.recorded_at if acknowledged else None,
    }  # fmt: skip


def represent(project: Project) -> Any:
    """The project's running year. Raises Missing where it is not registered by then."""
    year = year_of(project, now())
    if year is None:
        raise Missing
    each, progress = year.standing, progress_of(year.standing, year.rule)
    needed = year.needed_for_year
    return Investment({
        "year": each.day.year, "annual_plan": each.plan.annual, "year_actual": each.year_actual,
        "rate": percent(each.rate), "time_progress": percent(progress),
        "gap": percent(gap_of(each.rate, progress)), "light": light_of(each, year.rule),
        "missing": needed.missing, "needed_monthly": _exact(needed.monthly, _FOUR),
        "plan": _plan(year), "quarters": [_quarter(quarter) for quarter in year.quarters],
    }).data  # fmt: skip


class InvestmentDetail(APIView):
    @extend_schema(
        operation_id="get_investment",
        summary="Read a project's plan of the year and what was invested",
        description=(
            "For its owner. The plan is that of the running year; amounts of the year and of "
            "quarters are in hundred million yuan, those of months in ten thousand yuan. A month "
            "of which nothing is stated is null, which is not zero."
        ),
        responses={200: Investment, **document.problems(document.READING)},
    )
    def get(self, request: Request, code: str) -> Response:
        return Response(represent(_project(request, code)))


class PlanAcknowledge(APIView):
    @extend_schema(
        operation_id="acknowledge_plan",
        summary="Acknowledge the plan that was issued last",
        description="By the owner: it has received the plan of the running year, and works by it.",
        parameters=[document.IDEMPOTENCY_KEY],
        request=Acknowledgement,
        responses={201: Investment, **document.problems(document.FILING)},
        examples=[document.example("Nothing is asked", {})],
    )
    def post(self, request: Request, code: str) -> Response:
        by, project = caller_of(request), cache(partial(_project, request, code))

        def do() -> Response:
            year = timezone.localdate(now()).year
            act = partial(acknowledge_plan, project=project(), year=year, by=by)
            judged(Acknowledgement(), request.data, act)
            return Response(represent(project()), 201)

        return once(request, operation=f"projects/{code}/acknowledge", prepare=project, perform=do)


class MonthEndList(APIView):
    @extend_schema(
        operation_id="state_month",
        summary="State what a month came to, or state it again",
        description=(
            "By the owner, from the month's last day on. It holds over the month's daily reports; "
            "both stay in sight. Stated again it is the next revision, and needs a reason."
        ),
        parameters=[document.IDEMPOTENCY_KEY],
        request=MonthEndIn,
        responses={201: MonthEndOut, **document.problems(document.FILING)},
        examples=[
            document.example(
                "A month that is over",
                {
                    "year": 2020, "month": 2, "amount": "4950.00", "paid": "3168.00",
                    "evidence": "主体结构完成第三层浇筑",
                },
            ),
        ],
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        by, project = caller_of(request), cache(partial(_project, request, code))

        def do() -> Response:
            act = partial(revise_month_end, project=project(), by=by)
            fact = judged(MonthEndIn(), request.data, act)
            return Response(MonthEndOut(fact, context={"by": by}).data, 201)

        return once(request, operation=f"projects/{code}/months", prepare=project, perform=do)
