"""Keys over HTTP, for an enterprise's own software that holds a key with the scope for it."""

from collections.abc import Callable
from functools import cache, partial
from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.access import document
from projects.access.answers import described
from projects.access.authentication import caller_of
from projects.access.keys import LONGEST_OVERLAP, issue_key, revoke_key, rotate_key
from projects.access.models import ApiKey, Scope
from projects.access.once import once
from projects.access.pages import NewestFirst
from projects.access.shape import StrictSerializer, Until, Whole, judged, require_shape
from projects.record.finding import get_or_missing


class Key(serializers.ModelSerializer[ApiKey]):
    """A key without its secret."""

    id = serializers.CharField(source="key_id", help_text="The part before the dot.")
    replaces = serializers.CharField(
        source="replaces.key_id", default=None, allow_null=True,
        help_text="The id of the key in whose place it was issued; null if in none's.",
    )  # fmt: skip

    class Meta:
        model = ApiKey
        fields: tuple[str, ...] = (
            "id", "name", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at",
            "replaces",
        )  # fmt: skip
        extra_kwargs: ClassVar = described(
            name="What uses the key.",
            scopes="What the key may be used for.",
            created_at="When it was issued.",
            expires_at="When it ends by itself; null if it does not.",
            revoked_at="When it was revoked; null while it is not.",
            last_used_at="When it was last used, to the minute; null if it never was.",
        )


class IssuedKey(Key):
    """A key with its token, which is shown this once."""

    token = serializers.SerializerMethodField(
        help_text="`id.secret`. Null where the answer is given again: it is kept nowhere."
    )

    class Meta(Key.Meta):
        fields = (*Key.Meta.fields, "token")

    def get_token(self, _key: ApiKey) -> str | None:
        token: str | None = self.context["token"]
        return token


class KeyIn(StrictSerializer):
    """A key to be issued."""

    name = serializers.CharField(help_text="What uses the key; at most 60 characters.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.choices), required=False,
        help_text="No more than the caller's own; read, file and act where left out.",
    )  # fmt: skip
    expires_at = Until(
        required=False, allow_null=True,
        help_text="At the latest when the caller's own key expires, and then where left out.",
    )  # fmt: skip


class RotationIn(StrictSerializer):
    """How long both keys open."""

    overlap_days = Whole(
        required=False,
        help_text=f"For how many days the old key still opens: 0 to {LONGEST_OVERLAP}.",
    )


class NothingIn(StrictSerializer):
    """An empty object."""


def _own_keys(request: Request) -> QuerySet[ApiKey]:
    own = ApiKey.objects.filter(enterprise_id=caller_of(request).enterprise_id)
    return own.select_related("replaces")


def _own_key(request: Request, key_id: str) -> ApiKey:
    return get_or_missing(_own_keys(request), key_id=key_id)


def _issued(made: tuple[ApiKey, str]) -> Response:
    key, token = made
    return Response(IssuedKey(key, context={"token": token}).data, status=201)


class KeyList(GenericAPIView[ApiKey]):
    queryset = ApiKey.objects.none()
    serializer_class = Key
    pagination_class = NewestFirst
    filter_backends = ()
    scope = Scope.KEYS

    @extend_schema(
        operation_id="list_keys",
        summary="List the enterprise's keys, the newest first",
        description="Those that were revoked or have expired among them; none with its secret.",
        responses={document.LIST: Key(many=True), **document.problems(document.LISTING)},
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(_own_keys(request))
        return self.get_paginated_response(Key(page or [], many=True).data)

    @extend_schema(
        operation_id="issue_key",
        summary="Issue a key",
        description=(
            "For the caller's own enterprise, with no scope that the caller's key has not. The "
            "token is shown in this answer alone: a retry says null in its place."
        ),
        examples=[
            document.example("A system that only reads", {"name": "报表系统", "scopes": ["read"]})
        ],
        parameters=[document.IDEMPOTENCY_KEY],
        request=KeyIn,
        responses={201: IssuedKey, **document.problems(document.FILING)},
    )
    def post(self, request: Request) -> Response:
        by = caller_of(request)

        def do() -> Response:
            issue = partial(issue_key, enterprise=by.enterprise, by=by)
            return _issued(judged(KeyIn(), request.data, issue))

        return once(request, operation="keys", perform=do, unkept=("token",))


class KeyDetail(APIView):
    scope = Scope.KEYS

    @extend_schema(
        operation_id="read_key",
        summary="Read a key",
        description="One of the enterprise's own, without its secret.",
        responses={200: Key, **document.problems(document.READING)},
    )
    def get(self, request: Request, key_id: str) -> Response:
        return Response(Key(_own_key(request, key_id)).data)


class _KeyAction(APIView):
    """An idempotent action on one key. It takes no If-Match: revoking needs no prior read."""

    scope = Scope.KEYS

    def once(self, request: Request, key_id: str, act: Callable[[ApiKey], Response]) -> Response:
        key = cache(partial(_own_key, request, key_id))
        name = type(self).__name__
        return once(
            request, operation=f"keys/{key_id}/{name}", prepare=key,
            perform=lambda: act(key()), unkept=("token",),
        )  # fmt: skip


class RotateKey(_KeyAction):
    @extend_schema(
        operation_id="rotate_key",
        summary="Issue a key in place of another, which goes on opening for a while",
        description=(
            "With the other's name and scopes, so that a system can change over without a stop. "
            "The token is shown in this answer alone."
        ),
        examples=[document.example("A week to change over", {"overlap_days": 7})],
        parameters=[document.IDEMPOTENCY_KEY],
        request=RotationIn,
        responses={201: IssuedKey, **document.problems(document.FILING)},
    )
    def post(self, request: Request, key_id: str) -> Response:
        def act(key: ApiKey) -> Response:
            rotate = partial(rotate_key, key=key, by=caller_of(request))
            return _issued(judged(RotationIn(), request.data, rotate))

        return self.once(request, key_id, act)


class RevokeKey(_KeyAction):
    @extend_schema(
        operation_id="revoke_key",
        summary="Revoke a key at once",
        description=(
            "It opens nothing from then on, nor do the keys that were issued with it. Revoked keys "
            "stay listed."
        ),
        parameters=[document.IDEMPOTENCY_KEY],
        request=NothingIn,
        responses={200: Key, **document.problems(document.FILING)},
    )
    def post(self, request: Request, key_id: str) -> Response:
        def revoke(key: ApiKey) -> Response:
            require_shape(NothingIn(), request.data)
            return Response(Key(revoke_key(key=key, by=caller_of(request))).data)

        return self.once(request, key_id, revoke)
