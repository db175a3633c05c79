"""Webhooks over HTTP, for an enterprise's own software that holds a key with the scope for it."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from coordination.delivery.models import Delivery, WebhookEndpoint
from coordination.delivery.signing import read_id, written_id
from coordination.delivery.webhooks.api_serializers import (
    NothingIn,
    Replayed,
    ReplayIn,
    SecretIn,
    Webhook,
    WebhookChange,
    WebhookDelivery,
    WebhookIn,
    WebhookWithSecret,
)
from coordination.delivery.webhooks.endpoints import (
    Destination,
    change_webhook,
    delete_webhook,
    looked_up,
    open_webhook,
)
from coordination.delivery.webhooks.queries import deliveries_to, delivery_to, webhooks_of
from coordination.delivery.webhooks.replay import replay, replay_message, send_test_webhook
from coordination.delivery.webhooks.rotate import rotate_secret
from projects.access import document
from projects.access.authentication import caller_of
from projects.access.conditional import etag, expected_version, on_version
from projects.access.models import Scope
from projects.access.once import once
from projects.access.pages import NewestFirst
from projects.access.shape import judged, read_body, require_shape
from projects.record.clock import change
from projects.record.finding import get_or_missing
from projects.record.refusals import Missing

_IF_MATCH: Final = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="The ETag of the webhook as it was read.",
)  # fmt: skip
_NOWHERE: Final = Destination("", "")  # the mistake in the body is named already
_CHANGING: Final = (*document.READING, 409, 412, 413, 415, 422, 428)
_DELETING: Final = (*document.READING, 412, 428)


def _own(request: Request, endpoint_id: str) -> WebhookEndpoint:
    """The caller's endpoint. Raises Missing if it is another enterprise's or does not exist."""
    return get_or_missing(webhooks_of(caller_of(request)), endpoint_id=endpoint_id)


def _answer(endpoint: WebhookEndpoint) -> Response:
    return Response(Webhook(endpoint).data, headers={"ETag": etag(endpoint.version)})


def _with_secret(issued: tuple[WebhookEndpoint, str]) -> Response:
    endpoint, secret = issued
    body = WebhookWithSecret(endpoint, context={"secret": secret}).data
    return Response(body, status=201, headers={"ETag": etag(endpoint.version)})


def _destination_in(shape: Serializer[Any], body: Any) -> Destination | None:
    """The body's address, looked up; None where it has none that could be read."""
    values, _errors = read_body(shape, body)
    return looked_up(values["url"]) if "url" in values else None


def _leading(values: dict[str, Any], to: Destination | None) -> dict[str, Any]:
    """The values of a body, with the address as it was looked up."""
    return {name: value for name, value in values.items() if name != "url"} | {"to": to}


class WebhookList(GenericAPIView[WebhookEndpoint]):
    queryset = WebhookEndpoint.objects.none()
    serializer_class = Webhook
    pagination_class = NewestFirst
    filter_backends = ()
    scope = Scope.WEBHOOKS

    @extend_schema(
        operation_id="list_webhooks",
        summary="List the enterprise's webhooks, the newest first",
        description="Each with how it is doing; never with its secret.",
        responses={document.LIST: Webhook(many=True), **document.problems(document.LISTING)},
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(webhooks_of(caller_of(request)))
        return self.get_paginated_response(Webhook(page or [], many=True).data)

    @extend_schema(
        operation_id="open_webhook",
        summary="Have what happens sent to an address",
        description="Signed by Standard Webhooks; the secret is shown this once.",
        parameters=[document.IDEMPOTENCY_KEY, document.ETAG],
        request=WebhookIn,
        responses={201: WebhookWithSecret, **document.problems(document.FILING)},
        examples=[
            document.example(
                "What comes to an end",
                {
                    "url": "https://erp.example.com/hooks", "description": "ERP",
                    "topics": ["ticket.resolved", "ticket.declined"],
                },
            )
        ],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        to = cache(partial(_destination_in, WebhookIn(), request.data))

        def add(**values: Any) -> tuple[WebhookEndpoint, str]:
            return open_webhook(**_leading(values, to() or _NOWHERE), by=caller_of(request))

        def do() -> Response:
            return _with_secret(judged(WebhookIn(), request.data, add))

        return once(request, operation="webhooks", prepare=to, perform=do, unkept=("secret",))


class WebhookDetail(APIView):
    scope = Scope.WEBHOOKS

    @extend_schema(
        operation_id="read_webhook",
        summary="Read a webhook, and how it is doing",
        description="Whether it is enabled, since when it fails, and why it was disabled.",
        parameters=[document.ETAG],
        responses={200: Webhook, **document.problems(document.READING)},
    )
    def get(self, request: Request, endpoint_id: str) -> Response:
        return _answer(_own(request, endpoint_id))

    @extend_schema(
        operation_id="change_webhook",
        summary="Change a webhook, disable it, enable it again",
        description="What is left out stays. One that the desk disabled is the desk's to enable.",
        parameters=[_IF_MATCH, document.ETAG],
        request=WebhookChange,
        responses={200: Webhook, **document.problems(_CHANGING)},
        examples=[document.example("For a while", {"is_enabled": False})],
    )
    def patch(self, request: Request, endpoint_id: str) -> Response:
        found, by = _own(request, endpoint_id), caller_of(request)
        to = _destination_in(WebhookChange(), request.data)

        def act(version: int | None) -> WebhookEndpoint:
            def verb(**values: Any) -> WebhookEndpoint:
                given = _leading(values, to)
                return change_webhook(**given, endpoint=found, version=version, by=by)

            return judged(WebhookChange(), request.data, verb)

        with change():  # undoes what is done to find every mistake
            return _answer(on_version(request, found.version, act))

    @extend_schema(
        operation_id="delete_webhook",
        summary="Delete a webhook; what waits for it is given up",
        description="Its deliveries stay on record and are sent no more.",
        parameters=[_IF_MATCH],
        responses={204: None, **document.problems(_DELETING)},
    )
    def delete(self, request: Request, endpoint_id: str) -> Response:
        found = _own(request, endpoint_id)
        version = expected_version(request, found.version)
        delete_webhook(endpoint=found, version=version, by=caller_of(request))
        return Response(status=204)


class _EndpointAction(APIView):
    """An idempotent action on one endpoint. None changes what a GET of it returns."""

    scope = Scope.WEBHOOKS

    def once(
        self, request: Request, endpoint_id: str, action: Callable[[WebhookEndpoint], Response],
        message: str = "",
    ) -> Response:  # fmt: skip
        @cache
        def found() -> WebhookEndpoint:
            endpoint = _own(request, endpoint_id)
            if message:
                delivery_to(endpoint, message)
            return endpoint

        return once(
            request, operation=f"webhooks/{endpoint_id}/{type(self).__name__}{message}",
            prepare=found, perform=lambda: action(found()), unkept=("secret",),
        )  # fmt: skip


def _documented(
    name: str,
    *,
    summary: str,
    description: str,
    takes: Any,
    answers: dict[int, Any],
    example: dict[str, Any],
) -> Any:
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=description,
        parameters=[document.IDEMPOTENCY_KEY],
        request=takes,
        responses={**answers, **document.problems(document.FILING)},
        examples=[document.example("As it is mostly sent", example)],
    )


class RotateSecret(_EndpointAction):
    @_documented(  # type: ignore[untyped-decorator]  # what documents it has no types
        "rotate_webhook_secret",
        summary="Give it a new secret; the old one goes on signing for a while",
        description="Until the overlap ends each message is signed with both. It is shown once.",
        takes=SecretIn,
        answers={201: WebhookWithSecret},
        example={"overlap_hours": 24},
    )
    def post(self, request: Request, endpoint_id: str) -> Response:
        def rotate(endpoint: WebhookEndpoint) -> Response:
            verb = partial(rotate_secret, endpoint=endpoint, by=caller_of(request))
            return _with_secret(judged(SecretIn(), request.data, verb))

        return self.once(request, endpoint_id, rotate)


class TryWebhook(_EndpointAction):
    @_documented(  # type: ignore[untyped-decorator]  # what documents it has no types
        "test_webhook",
        summary="Send it a test message",
        description="Of the topic `webhook.test`, which every webhook gets; sent like any other.",
        takes=NothingIn,
        answers={201: WebhookDelivery},
        example={},
    )
    def post(self, request: Request, endpoint_id: str) -> Response:
        def test(endpoint: WebhookEndpoint) -> Response:
            require_shape(NothingIn(), request.data)
            delivery = send_test_webhook(endpoint=endpoint, by=caller_of(request))
            return Response(WebhookDelivery(delivery).data, status=201)

        return self.once(request, endpoint_id, test)


class ReplayWebhook(_EndpointAction):
    @_documented(  # type: ignore[untyped-decorator]  # what documents it has no types
        "replay_webhook",
        summary="Have a message, or all of a span of time, sent again under the same id",
        description=(
            "Messages keep their ids, so a receiver that has one already can tell. What was "
            "erased in the meantime is gone (410)."
        ),
        takes=ReplayIn,
        answers={200: Replayed, **document.problems((410,))},
        example={"since": "2020-03-08T00:00:00+08:00", "until": "2020-03-09T00:00:00+08:00"},
    )
    def post(self, request: Request, endpoint_id: str) -> Response:
        def again(endpoint: WebhookEndpoint) -> Response:
            verb = partial(replay, endpoint=endpoint, by=caller_of(request))
            return Response({"number": judged(ReplayIn(), request.data, verb)})

        return self.once(request, endpoint_id, again)


class WebhookDeliveries(GenericAPIView[Delivery]):
    queryset = Delivery.objects.none()
    serializer_class = WebhookDelivery
    pagination_class = NewestFirst
    filter_backends = ()
    scope = Scope.WEBHOOKS

    @extend_schema(
        operation_id="list_webhook_deliveries",
        summary="What was sent to it, the newest first, with each attempt",
        description="By their ids, each attempt and how it ended; never what was in them.",
        responses={
            document.LIST: WebhookDelivery(many=True),
            **document.problems((*document.LISTING, 404)),
        },
    )
    def get(self, request: Request, endpoint_id: str) -> Response:
        page = self.paginate_queryset(deliveries_to(_own(request, endpoint_id)))
        return self.get_paginated_response(WebhookDelivery(page or [], many=True).data)


class OneDelivery(APIView):
    scope = Scope.WEBHOOKS

    @extend_schema(
        operation_id="read_webhook_delivery",
        summary="Read one delivery, with each attempt",
        description="By its message's id, which is the `webhook-id` that the receiver has seen.",
        responses={200: WebhookDelivery, **document.problems(document.READING)},
    )
    def get(self, request: Request, endpoint_id: str, message: str) -> Response:
        delivery = delivery_to(_own(request, endpoint_id), message)
        return Response(WebhookDelivery(delivery).data)


class RetryDelivery(_EndpointAction):
    @_documented(  # type: ignore[untyped-decorator]  # what documents it has no types
        "retry_webhook_delivery",
        summary="Have one delivery sent again now, under the same id",
        description=(
            "From the start of the schedule. Not while it is under way (409, `under-way`) or the "
            "webhook is disabled (409, `disabled`), nor once its content was erased (410)."
        ),
        takes=NothingIn,
        answers={200: WebhookDelivery, **document.problems((410,))},
        example={},
    )
    def post(self, request: Request, endpoint_id: str, message: str) -> Response:
        def again(endpoint: WebhookEndpoint) -> Response:
            require_shape(NothingIn(), request.data)
            replay_message(endpoint=endpoint, message=message, by=caller_of(request))
            return Response(WebhookDelivery(delivery_to(endpoint, message)).data)

        known = read_id(message)
        if known is None:
            raise Missing
        return self.once(request, endpoint_id, again, written_id(known))
