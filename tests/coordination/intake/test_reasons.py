"""What is refused for another reason than the state says which, by a code and in a sentence."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.webhooks.endpoints import disable_webhook
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.access.error_codes import error_codes
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from tests.coordination.delivery.webhooks.scene import key_of
from tests.coordination.intake.scene import client_with
from tests.coordination.intake.test_act import record
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
MORNING = datetime(2020, 3, 31, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
LOST = (
    "Only a duplicate is revived, within thirty days after its original was declined or withdrawn."
)
HOOK = {"url": "https://erp.example.cn/hook"}


def accepted(at: Desk) -> Ticket:
    return perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)


def urged(at: Desk) -> Ticket:
    with clock_at(MORNING):
        return perform(Verb.URGE, ticket=filed(at), by=at.key)


# What is sent: to which ticket, when, and the reason in English and in Chinese.
REASONS: dict[str, tuple[Callable[[Desk], Ticket], dict[str, Any], str, str, str]] = {
    "urge": (
        urged, {}, "urged-today",
        "It was urged today at 09:30. It may be urged again from tomorrow on.",
        "今天 09:30 已催办过，明天起可再次催办。",
    ),
    "supplement": (
        filed, {"answer": "连霍高速"}, "not-asked", "No question waits for an answer.",
        "没有等候补充的提问。",
    ),
    "amend": (
        lambda at: perform(Verb.ASK, ticket=accepted(at), question="何时", by=at.liaison),
        {"title": "通行"}, "accepted", "It was accepted, so propose the amendment instead.",
        "工单已受理，请改为申请更正。",
    ),
    "propose-amendment": (
        lambda at: perform(Verb.ASK, ticket=filed(at), question="何时", by=at.liaison),
        {"title": "通行", "reason": "有误"}, "not-accepted",
        "It is not accepted yet, so amend it instead.", "工单尚未受理，请直接更正。",
    ),
    "revive": (
        lambda at: perform(Verb.DECLINE, ticket=filed(at), reason="不属受理范围", by=at.liaison),
        {"reason": "仍需"}, "not-revivable",
        LOST,
        "只有重复工单可以恢复办理，且须在原工单不予受理或撤回之后三十天内。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", REASONS)
def test_a_barred_verb_says_which_bar_it_is(act: str) -> None:
    at = desk()
    make, body, code, english, chinese = REASONS[act]
    ticket = make(at)
    before = record()
    address = reverse(f"api:ticket-{act}", args=[ticket.number])
    for language, said in (("en", english), ("zh-hans", chinese)):
        with clock_at(MORNING + timedelta(hours=3)):
            answer: Any = client_with(at.token, language).post(
                address, body, headers={"Idempotency-Key": "k", "If-Match": "*"}
            )
        problem = answer.json()
        wrong = {"pointer": "", "code": code, "detail": said, "number": None}
        assert (answer.status_code, problem["type"]) == (409, "/problems/not-allowed")
        assert (problem["detail"], problem["errors"]) == (said, [wrong])
        assert problem["ticket_status"] == ticket.status
    assert code in error_codes()
    assert record() == before


def test_the_state_itself_is_no_other_reason(at: Desk) -> None:
    ticket = accepted(at)
    answer: Any = client_with(at.token).post(
        reverse("api:ticket-confirm", args=[ticket.number]), {"satisfaction": 5},
        headers={"Idempotency-Key": "k", "If-Match": "*"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["errors"]) == (409, [])


def test_an_officer_reads_the_reason_too(at: Desk) -> None:
    ticket = urged(at)
    for verb, said in (
        (Verb.URGE, "今天 09:30 已催办过，明天起可再次催办。"),
        (Verb.GRANT, "没有等候审批的延期申请。"),
    ):
        with translation.override("zh-hans"), clock_at(MORNING):
            with pytest.raises(NotAllowed) as refused:
                perform(verb, ticket=ticket, by=at.director)
            assert refused.value.reasons == [said]


@pytest.fixture
def at() -> Desk:
    return desk()


@pytest.fixture
def client(at: Desk) -> APIClient:
    return client_with(key_of(at)[1])


def post(client: APIClient, address: str, body: Any, key: str) -> Any:
    return client.post(address, body, headers={"Idempotency-Key": key})


def test_a_webhook_says_why_not(client: APIClient, at: Desk) -> None:
    made = post(client, reverse("api:webhooks"), HOOK, "a").json()
    own = reverse("api:webhook", args=[made["id"]])
    test = post(client, f"{own}test/", {}, "b").json()
    retry, replay = f"{own}deliveries/{test['id']}/retry/", f"{own}replay/"
    span = {"since": "2020-03-01T00:00:00Z", "until": "2020-03-02T00:00:00Z"}

    def why(address: str, body: Any) -> list[str]:
        answer = post(client, address, body, "c")
        problem = answer.json()
        assert (answer.status_code, problem["ticket_status"]) == (409, None)
        assert [each["detail"] for each in problem["errors"]] == [problem["detail"]]
        return [each["code"] for each in problem["errors"]]

    assert why(retry, {}) == ["under-way"]
    assert why(replay, {"message": test["id"]}) == ["under-way"]
    assert why(f"{own}test/", {}) == ["under-way"]
    assert [post(client, f"{own}secret/", {}, f"s{n}").status_code for n in range(2)] == [201] * 2
    assert why(f"{own}secret/", {}) == ["too-many"]
    disable_webhook(endpoint=WebhookEndpoint.objects.get(), reason="测试", by=at.director)
    assert [why(each, body) for each, body in ((retry, {}), (replay, span))] == [["disabled"]] * 2
    enable: Any = client.patch(own, {"is_enabled": True}, headers={"If-Match": "*"})
    assert [each["code"] for each in enable.json()["errors"]] == ["disabled-by-centre"]


def test_a_key_says_why_not(client: APIClient) -> None:
    body = {"name": "a", "scopes": ["read"]}
    key = post(client, reverse("api:keys"), body, "a").json()
    address = reverse("api:key", args=[key["id"]])
    assert post(client, f"{address}rotate/", {}, "b").status_code == 201
    for code in ("key-replaced", "key-ended"):
        answer = post(client, f"{address}rotate/", {}, "c")
        assert (answer.status_code, [each["code"] for each in answer.json()["errors"]]) == (
            409, [code],
        )  # fmt: skip
        post(client, f"{address}revoke/", {}, "d")
