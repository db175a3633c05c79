"""Settings of the enterprises' API that are the same in every deployment."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["projects.access.renderers.AnswerRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "projects.access.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["projects.access.parsers.CarefulJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["projects.access.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "projects.access.authentication.HasKey",
        "projects.access.parameters.KnownParameters",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["projects.access.limits.ByAddress"],
    "DEFAULT_SCHEMA_CLASS": "projects.access.schema.Exact",
    "DEFAULT_PAGINATION_CLASS": None,
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,  # each error with its index
    "EXCEPTION_HANDLER": "projects.access.problems.handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_METADATA_CLASS": "projects.access.options.WhereItIsDescribed",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "直通车 API",
    "VERSION": "1",
    "DESCRIPTION": (
        "企业向协调服务直通车提交诉求。Enterprises file requests with the coordination desk. "
        "Every POST needs an `Idempotency-Key`, every change of state an `If-Match`; errors are "
        "RFC 9457 problems in the language of `Accept-Language`. Every member of an answer is "
        "always there, null where it has no value. What was changed, what counts as a breaking "
        "change and how long it is announced before: [/api/changes/](/api/changes/)."
    ),
    "EXTERNAL_DOCS": {
        "url": "/api/changes/",
        "description": "The API's changes, and the rule of deprecation.",
    },
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "DEFAULT_GENERATOR_CLASS": "projects.access.schema.OneLanguage",
    # no hook for enums: they stay inline, because each kind has its own "kind"
    "POSTPROCESSING_HOOKS": [
        "projects.access.schema.whole_answers",
        "projects.access.schema.as_wide_as_read",
        "projects.access.schema.without_titles",
    ],
    "WEBHOOKS": ["coordination.intake.api_webhook.MESSAGE"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}
