"""What the house knows of the workbench."""

from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.workbench.admin_things import of_enterprise, of_group, of_officer
from coordination.workbench.board.admin_board import (
    board_page,
    csv_page,
    may_see_board,
    resumption_page,
    workbook_page,
)
from coordination.workbench.board.display_links import MADE, REVOKED
from coordination.workbench.board.loads import GROUPS, OFFICERS
from coordination.workbench.board.public_wall import wall_page
from coordination.workbench.board.to_do import TO_DO
from coordination.workbench.departures.sheet_officers import SHEET as OFFICER_SHEET
from coordination.workbench.departures.telling import LEFT
from coordination.workbench.desk import matters
from coordination.workbench.desk.admin_unreported import unreported_page
from coordination.workbench.first_day.admin import first_steps_page, may_see_first_steps
from coordination.workbench.first_day.admin_enrol import enrol_page, template_page
from coordination.workbench.handovers.sheet_assignments import SHEET as ASSIGNMENTS
from coordination.workbench.project.admin_glance import glance
from coordination.workbench.proposals.admin_project import service
from coordination.workbench.queue.answered import answered
from coordination.workbench.ticket.admin_amendments import proposal_panel
from coordination.workbench.ticket.admin_assistance import assistance_panel
from coordination.workbench.ticket.admin_attachments import attachments_panel
from coordination.workbench.ticket.admin_contact import contact_panel
from coordination.workbench.ticket.admin_facts import facts, parties
from coordination.workbench.ticket.admin_lines import lines
from coordination.workbench.ticket.admin_links import links_panel
from coordination.workbench.ticket.admin_panels import PAGE
from coordination.workbench.ticket.admin_sheet import sheet_panel
from coordination.workbench.ticket.admin_similar import similar_panel
from coordination.workbench.ticket.admin_timeline import timeline_panel
from coordination.workbench.ticket.neighbours import neighbours_panel
from projects.house.rooms import (
    ADMINISTRATION,
    BULLETINS,
    SERVICE,
    TICKETS,
    TODAY,
    Page,
    Panel,
    Periodic,
    Room,
    permissions,
    register,
)
from projects.house.waiting import Matter, Waiting


def _of_ticket(order: int, name: str, context: object, place: str = "main") -> Panel:
    return Panel(PAGE, order, name, f"workbench/ticket/{name}.html", context, place)  # type: ignore[arg-type]  # as given below


def _tickets_of(page: str, context: object) -> Panel:
    return Panel(page, 20, "tickets", "workbench/open_tickets.html", context)  # type: ignore[arg-type]  # as given below


_READING = permissions("view", "exportjob", "phrase") | {"view_ledger"}
_PHRASES = permissions("add change delete", "phrase")
_HANGING = _READING | permissions("view add change", "displaylink")

ROOM = register(
    Room(
        label="workbench",
        topics=(LEFT,),
        imports=(ASSIGNMENTS, OFFICER_SHEET),
        widgets=(*TO_DO, GROUPS, OFFICERS),
        pages=(
            Page(TODAY, 10, pgettext_lazy("page", "Today"), "admin:index"),
            Page(
                ADMINISTRATION, 5, _("First steps"), "first_steps", is_shown=may_see_first_steps
            ),
            Page(BULLETINS, 5, _("Board"), "board", is_shown=may_see_board),
            Page(
                TICKETS, 10, _("Tickets"),
                "admin:tickets_ticket_changelist", "tickets.view_ticket",
            ),
            Page(
                TICKETS, 20, _("Check-off ledger"), "admin:ledger",
                "workbench.view_ledger",
            ),
            Page(
                SERVICE, 60, _("Terms"), "admin:tickets_term_changelist",
                "tickets.view_term",
            ),
            Page(
                SERVICE, 70, _("Working calendar"),
                "admin:working_calendar", "worktime.view_calendaroverride",
            ),
            Page(
                TICKETS, 25, _("My exports"), "admin:workbench_exportjob_changelist",
                "workbench.view_exportjob",
            ),
            Page(
                TICKETS, 60, _("Phrases"), "admin:workbench_phrase_changelist",
                "workbench.view_phrase",
            ),
        ),
        panels=(
            _of_ticket(5, "contact", contact_panel, "side"),
            _of_ticket(20, "facts", facts, "side"),
            _of_ticket(30, "parties", parties, "side"),
            _of_ticket(40, "assistance", assistance_panel, "side"),
            _of_ticket(55, "similar", similar_panel, "side"),
            _of_ticket(60, "neighbours", neighbours_panel, "side"),
            _of_ticket(95, "sheet_panel", sheet_panel, "side"),
            _of_ticket(80, "links", links_panel, "side"),
            _of_ticket(85, "proposal", proposal_panel),
            _of_ticket(90, "lines", lines),
            _of_ticket(110, "attachments", attachments_panel),
            _of_ticket(120, "timeline", timeline_panel),
            Panel(
                "register.project", 1, "glance", "workbench/project_glance.html", glance, "head"
            ),
            Panel("register.project", 10, "service", "workbench/project.html", service),
            _tickets_of("register.enterprise", of_enterprise),
            _tickets_of("groups.servicegroup", of_group),
            _tickets_of("staff.officer", of_officer),
        ),
        permissions={
            "liaison": _READING, "group_lead": _READING | _PHRASES,
            "duty_desk": _HANGING | _PHRASES, "director": _HANGING | _PHRASES,
            "auditor": _READING | permissions("view", "displaylink"),
        },
        acts={MADE: _("A display link was made"), REVOKED: _("A display link was revoked")},
        timetable=(
            Periodic(  # exports are claimed from their table; requests send no message
                "exports", "coordination.workbench.tasks.build_exports", 5.0, expires=5
            ),
        ),
        waits=(Waiting("answered", _("Answers that came"), 25, answered),),
        matters=(
            Matter(
                "unserved", _("Projects nobody serves"), 10, matters.unserved_projects,
                "admin:workbench_unserved", _("Assign"),
            ),
            Matter(
                "broken", _("Broken assignments"), 20, matters.broken_assignments,
                "admin:workbench_broken", _("Hand over"),
            ),
            Matter(
                "unknown-year", _("Working calendar"), 30, matters.unknown_days,
                "admin:working_calendar", _("Enter the days"),
            ),
            Matter(
                "unreported", _("Reports missing"), 40, matters.missing_reports, "unreported",
                _("Show them"),
            ),
        ),
        urls=(
            path("admin/board/", admin.site.admin_view(board_page), name="board"),
            path("admin/board/excel/", admin.site.admin_view(workbook_page), name="board_workbook"),
            path("admin/board/csv/", admin.site.admin_view(csv_page), name="board_csv"),
            path("wall/<str:token>/", wall_page, name="wall"),
            path("admin/resumption/", admin.site.admin_view(resumption_page), name="resumption"),
            path(
                "admin/first-steps/", admin.site.admin_view(first_steps_page), name="first_steps"
            ),
            path(
                "admin/first-steps/officers/", admin.site.admin_view(enrol_page),
                name="enrol_officers",
            ),
            path(
                "admin/first-steps/officers/template/", admin.site.admin_view(template_page),
                name="enrol_template",
            ),
            path("admin/unreported/", admin.site.admin_view(unreported_page), name="unreported"),
        ),
    )
)  # fmt: skip
