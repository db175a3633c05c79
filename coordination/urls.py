"""The enterprises' API, below ``/api/v1/``."""

from django.urls import path

from coordination.bulletins.api import BulletinList
from coordination.bulletins.api_own import BulletinDetail, BulletinTickets
from coordination.delivery.webhooks import api as webhooks
from coordination.tickets import api, api_actions, api_bulk, api_projects
from coordination.tickets.attachments import api as attachments
from coordination.tickets.feed.api import Feed
from coordination.tickets.upload import api_upload
from projects.access import api as access
from projects.access import schema  # noqa: F401 - the document's word for our keys
from projects.progress import api as progress

app_name = "api"
urlpatterns = [
    path("bulletins/", BulletinList.as_view(), name="bulletins"),
    path("bulletins/<str:day>/", BulletinDetail.as_view(), name="bulletin"),
    path("bulletins/<str:day>/tickets/", BulletinTickets.as_view(), name="bulletin-tickets"),
    path("events/", Feed.as_view(), name="feed"),
    path("keys/", access.KeyList.as_view(), name="keys"),
    path("keys/<str:key_id>/", access.KeyDetail.as_view(), name="key"),
    path("keys/<str:key_id>/rotate/", access.RotateKey.as_view(), name="key-rotate"),
    path("keys/<str:key_id>/revoke/", access.RevokeKey.as_view(), name="key-revoke"),
    path("projects/", api_projects.ProjectList.as_view(), name="projects"),
    path("projects/<str:code>/", api_projects.ProjectDetail.as_view(), name="project"),
    path("projects/<str:code>/reports/", progress.ReportList.as_view(), name="project-reports"),
    path("tickets/", api.TicketList.as_view(), name="tickets"),
    path("tickets/bulk/", api_bulk.BulkFiling.as_view(), name="tickets-bulk"),
    path("tickets/upload/", api_upload.UploadFiling.as_view(), name="tickets-upload"),
    path("tickets/<str:number>/", api.TicketDetail.as_view(), name="ticket"),
    path("tickets/<str:number>/events/", api.EventList.as_view(), name="ticket-events"),
    path(
        "tickets/<str:number>/supplement/",
        api_actions.SupplementTicket.as_view(),
        name="ticket-supplement",
    ),
    path("tickets/<str:number>/lines/", api_actions.AddLines.as_view(), name="ticket-lines"),
    path(
        "tickets/<str:number>/withdraw/",
        api_actions.WithdrawTicket.as_view(),
        name="ticket-withdraw",
    ),
    path("tickets/<str:number>/urge/", api_actions.UrgeTicket.as_view(), name="ticket-urge"),
    path("tickets/<str:number>/redo/", api_actions.RedoTicket.as_view(), name="ticket-redo"),
    path(
        "tickets/<str:number>/confirm/", api_actions.ConfirmTicket.as_view(), name="ticket-confirm"
    ),
    path(
        "tickets/<str:number>/comments/",
        api_actions.CommentTicket.as_view(),
        name="ticket-comments",
    ),
    path(
        "tickets/<str:number>/attachments/",
        attachments.AttachmentList.as_view(),
        name="ticket-attachments",
    ),
    path(
        "tickets/<str:number>/attachments/<int:attachment>/",
        attachments.AttachmentFile.as_view(),
        name="ticket-attachment",
    ),
    path(
        "tickets/<str:number>/attachments/<int:attachment>/withdraw/",
        attachments.WithdrawAttachment.as_view(),
        name="ticket-attachment-withdraw",
    ),
    path("webhooks/", webhooks.WebhookList.as_view(), name="webhooks"),
    path("webhooks/<str:endpoint_id>/", webhooks.WebhookDetail.as_view(), name="webhook"),
    path(
        "webhooks/<str:endpoint_id>/secret/", webhooks.RotateSecret.as_view(), name="webhook-secret"
    ),
    path("webhooks/<str:endpoint_id>/test/", webhooks.TryWebhook.as_view(), name="webhook-test"),
    path(
        "webhooks/<str:endpoint_id>/deliveries/",
        webhooks.WebhookDeliveries.as_view(),
        name="webhook-deliveries",
    ),
    path(
        "webhooks/<str:endpoint_id>/replay/",
        webhooks.ReplayWebhook.as_view(),
        name="webhook-replay",
    ),
]
