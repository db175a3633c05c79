"""Declares the enterprises' side to the house: their API, the upload page, the event feed."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from coordination.intake import (
    api,
    api_actions,
    api_amend,
    api_attachments,
    api_bulk,
    api_feed,
    api_now,
    api_projects,
)
from coordination.intake.feed.audit import unplaced_events
from coordination.intake.feed.sequence import sequence
from coordination.intake.feed.shape import topics
from coordination.intake.models import FeedEntry
from coordination.intake.upload import api_page, api_upload
from projects.house.rooms import Audit, Room, register
from projects.record.naming import through

_TICKET = "tickets/<str:number>/"
_FILE = f"{_TICKET}attachments/<int:attachment>/"

ROOM = register(
    Room(
        label="intake",
        names={"intake.feedentry": through(FeedEntry, "event.ticket")},
        webhook_topics=topics(),
        audits=(Audit(unplaced_events),),
        api=(
            path("now/", api_now.Now.as_view(), name="now"),
            path("events/", api_feed.Feed.as_view(), name="feed"),
            path("projects/", api_projects.ProjectList.as_view(), name="projects"),
            path("projects/<str:code>/", api_projects.ProjectDetail.as_view(), name="project"),
            path("tickets/", api.TicketList.as_view(), name="tickets"),
            path("tickets/bulk/", api_bulk.BulkFiling.as_view(), name="tickets-bulk"),
            path("tickets/upload/", api_upload.UploadFiling.as_view(), name="tickets-upload"),
            path(_TICKET, api.TicketDetail.as_view(), name="ticket"),
            path(f"{_TICKET}events/", api.EventList.as_view(), name="ticket-events"),
            path(
                f"{_TICKET}supplement/", api_actions.SupplementTicket.as_view(),
                name="ticket-supplement",
            ),
            path(f"{_TICKET}amend/", api_amend.AmendTicket.as_view(), name="ticket-amend"),
            path(
                f"{_TICKET}propose-amendment/", api_amend.ProposeAmendment.as_view(),
                name="ticket-propose-amendment",
            ),
            path(f"{_TICKET}lines/", api_actions.AddLines.as_view(), name="ticket-lines"),
            path(
                f"{_TICKET}withdraw/", api_actions.WithdrawTicket.as_view(),
                name="ticket-withdraw",
            ),
            path(f"{_TICKET}urge/", api_actions.UrgeTicket.as_view(), name="ticket-urge"),
            path(f"{_TICKET}redo/", api_actions.RedoTicket.as_view(), name="ticket-redo"),
            path(f"{_TICKET}revive/", api_actions.ReviveTicket.as_view(), name="ticket-revive"),
            path(
                f"{_TICKET}confirm/", api_actions.ConfirmTicket.as_view(), name="ticket-confirm"
            ),
            path(
                f"{_TICKET}comments/", api_actions.CommentTicket.as_view(), name="ticket-comments"
            ),
            path(
                f"{_TICKET}attachments/", api_attachments.AttachmentList.as_view(),
                name="ticket-attachments",
            ),
            path(_FILE, api_attachments.AttachmentFile.as_view(), name="ticket-attachment"),
            path(
                f"{_FILE}withdraw/", api_attachments.WithdrawAttachment.as_view(),
                name="ticket-attachment-withdraw",
            ),
        ),
        urls=(
            path("upload/", api_page.upload_page, name="upload"),
            path("upload/<str:kind>.xlsx", api_page.send_template, name="upload-template"),
        ),
        before_relay=(sequence,),
        error_codes={
            "workbook": _("Not an Excel workbook, or a damaged one."),
            "another-kind": _("The template of another kind of ticket."),
            "heading": _("A column that the template does not have, or one that is missing."),
            "web-page": _("A web page under the name of a workbook."),
            "entities": _("XML entities, which no program for tables writes."),
            "formula": _("A formula that no program has calculated."),
            "error-value": _("A cell that shows an error, such as #REF!."),
            "digits": _("A number of which Excel has lost the last digits."),
            "struck": _("A cell that is struck through, in a row that is not."),
            "ditto": _("A ditto mark that repeats nothing."),
            "merged-number": _("One number is merged over several rows."),
            "differs": _("Rows of one ticket say different things of it."),
            "left-out": _("Something of the workbook would not be filed."),
            "filed-before": _("Rows of the workbook that an earlier ticket holds already."),
            "changed": _("What would be filed is no longer what was shown."),
        },
    )
)  # fmt: skip
