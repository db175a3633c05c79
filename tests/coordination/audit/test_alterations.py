"""Whatever is altered past the application is named, by its table and its row, and nothing else."""

# ruff: noqa: S608 - statements of our own
from typing import Any, Final

import psycopg
import pytest
from django.db.models import QuerySet

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.progress.models import DailyReport
from projects.record.audit import audit
from projects.register.models import ProjectRevision
from tests.coordination.audit.scene import altered, issue, record

Cursor = psycopg.Cursor[Any]

EVENT, TEXT, LINE = "tickets_ticketevent", "tickets_eventtext", "tickets_vehiclepassline"
ID: Final = "(SELECT id FROM tickets_ticketevent WHERE ticket_id = {t} AND seq = %d)"
WEEK: Final = "bulletins.bulletin weekly/2020-03-09T09:00:00+00:00/1"
SEALED: Final = "bulletins.sealedcount %s/1/2020-03-09T16:00:00+00:00"

# What is done to a table, and what the check says: the model, the row, and how it differs.
ALTERED: Final[dict[str, list[str]]] = {
    # a daily report and its text
    "UPDATE progress_dailyreport SET resumed = true WHERE id = {report}":
        ["progress.dailyreport {report} altered"],
    "UPDATE progress_dailyreport SET workers_on_site = 7 WHERE id = {report}":
        ["progress.dailyreport {report} altered"],
    "DELETE FROM progress_dailyreport WHERE id = {report}":
        ["progress.dailyreport {report} deleted"],
    "UPDATE progress_reportnarrative SET problems = '有' WHERE report_id = {report}":
        ["progress.reportnarrative {report} altered"],
    # a revision of a project, and the project itself
    "UPDATE register_projectrevision SET total_investment = 99 WHERE id = {revision}":
        ["register.projectrevision {revision} altered", "register.project {project} revision"],
    "UPDATE register_projectrevision SET recorded_at = recorded_at - interval '9 days'"
    " WHERE id = {revision}": ["register.projectrevision {revision} altered"],
    "DELETE FROM register_projectrevision WHERE id = {revision}":
        ["register.projectrevision {revision} deleted", "register.project {project} revision"],
    "UPDATE register_project SET annual_investment = 1 WHERE id = {project}":
        ["register.project {project} revision"],
    # revisions of enterprises, people and groups
    "UPDATE register_enterpriserevision SET recorded_at = now() WHERE id = {named}":
        ["register.enterpriserevision {named} altered"],
    "UPDATE staff_officerrevision SET role = 'director' WHERE id = {role}":
        ["staff.officerrevision {role} altered", "staff.officer {liaison} revision"],
    "DELETE FROM groups_grouprevision WHERE id = {of_group}":
        ["groups.grouprevision {of_group} deleted", "groups.servicegroup {group} revision"],
    # what was filed for an earlier year; who serves, and takes part
    "UPDATE register_priorfiling SET total_investment = 3 WHERE year = 2019":
        ["register.priorfiling {prior} altered"],
    "UPDATE groups_assignment SET liaison_id = {lead} WHERE id = {assigned}":
        ["groups.assignment {assigned} altered"],
    "UPDATE groups_membership SET group_id = {other} WHERE id = {member}":
        ["groups.membership {member} altered"],
    "DELETE FROM register_projectparticipant WHERE id = {participant}":
        ["register.projectparticipant {participant} deleted"],
    # a fulfilment and a refusal
    "UPDATE tickets_fulfilment SET quantity = 0.5 WHERE event_id = {met}":
        ["tickets.fulfilment {met} altered", "tickets.vehiclepassline {t}/1 settled"],
    "UPDATE tickets_fulfilment SET recorded_at = now() WHERE event_id = {met}":
        ["tickets.fulfilment {met} altered"],
    "DELETE FROM tickets_fulfilment WHERE event_id = {met}":
        ["tickets.fulfilment {met} deleted", "tickets.vehiclepassline {t}/1 settled"],
    "DELETE FROM tickets_linerefusal WHERE id = {refusal}":
        ["tickets.linerefusal {refusal} deleted", "tickets.vehiclepassline {t}/2 settled"],
    # events that no anchor seals yet, and one that is sealed
    f"DELETE FROM {EVENT} WHERE ticket_id = {{t}} AND seq = 13":
        ["tickets.ticketevent {t}/13 deleted"],
    f"UPDATE {EVENT} SET payload = '[]' WHERE ticket_id = {{t}} AND seq = 12":
        ["tickets.ticketevent {t}/12 hash"],
    f"UPDATE {EVENT} SET hash = repeat('0', 64) WHERE ticket_id = {{t}} AND seq = 13":
        ["tickets.ticketevent {t}/13 altered", "tickets.ticketevent {t}/13 hash"],
    f"DELETE FROM {EVENT} WHERE ticket_id = {{t}} AND seq = 11":
        ["tickets.ticketevent {t}/11 deleted", "tickets.ticketevent {t}/12 chain"],
    # an event's text, and an attachment's bytes
    f"UPDATE {TEXT} SET body = '[]' WHERE event_id = {ID % 9}": ["tickets.ticketevent {t}/9 text"],
    f"UPDATE {TEXT} SET salt = 'x' WHERE event_id = {ID % 9}": ["tickets.ticketevent {t}/9 text"],
    f"UPDATE {TEXT} SET body = (SELECT body FROM {TEXT} WHERE event_id = {ID % 5})"
    f" WHERE event_id = {ID % 9}": ["tickets.ticketevent {t}/9 text"],
    f"DELETE FROM {TEXT} WHERE event_id = {ID % 9}": ["tickets.ticketevent {t}/9 text_deleted"],
    f"DELETE FROM {TEXT} WHERE event_id = {ID % 1}": ["tickets.ticketevent {t}/1 text_deleted"],
    "DELETE FROM tickets_attachmentpart": ["tickets.attachment {t}/5 bytes"],
    "DELETE FROM tickets_attachment WHERE state = 'kept'": ["tickets.attachment {t}/5 bytes"],
    # the newest anchor and an earlier one; the journal
    "UPDATE record_anchor SET hash = repeat('0', 64) WHERE number = 2":
        ["record.anchor 2 altered", "record.anchor 2 seal"],
    "UPDATE record_anchor SET entries = 1 WHERE number = 1":
        ["record.anchor 1 altered", "record.anchor 1 seal"],
    "DELETE FROM record_anchor WHERE number = 2": ["record.anchor 2 deleted"],
    "UPDATE record_journal SET digest = repeat('0', 64) WHERE of_table = 'privacy_reveal'":
        ["privacy.reveal {reveal} altered", "record.anchor 1 seal"],
    "DELETE FROM record_journal WHERE of_table = 'privacy_reveal'":
        ["privacy.reveal {reveal} added", "record.anchor 1 seal"],
    # a ticket and its lines, amended and not; one that was purged
    "UPDATE tickets_ticket SET title = '一车受阻' WHERE id = {t}": ["tickets.ticket {t} filed"],
    "UPDATE tickets_ticket SET number = '20200303-999999' WHERE id = {t}":
        ["tickets.ticket {t} filed"],
    "UPDATE tickets_ticket SET contact_mobile = '' WHERE id = {t}": ["tickets.ticket {t} filed"],
    "UPDATE tickets_ticket SET title = '两车受阻' WHERE id = {p}": ["tickets.ticket {p} filed"],
    f"UPDATE {LINE} SET asked = 3 WHERE ticket_id = {{t}} AND position = 2":
        ["tickets.vehiclepassline {t}/2 filed"],
    f"UPDATE {LINE} SET plate = '豫C99999' WHERE ticket_id = {{t}} AND position = 3":
        ["tickets.vehiclepassline {t}/3 filed"],
    f"UPDATE {LINE} SET met = 0 WHERE ticket_id = {{t}} AND position = 1":
        ["tickets.vehiclepassline {t}/1 settled"],
    f"DELETE FROM {LINE} WHERE ticket_id = {{t}} AND position = 3":
        ["tickets.vehiclepassline {t}/3 filed"],
    f"UPDATE {LINE} SET plate = '豫C99999' WHERE ticket_id = {{p}} AND position = 1":
        ["tickets.vehiclepassline {p}/1 filed"],
    # where it stood, and the feed
    "UPDATE tickets_staterange SET group_id = {other} WHERE ticket_id = {t} AND ended_at IS NULL":
        ["tickets.ticket {t} standing"],
    "UPDATE intake_feedentry SET position = 99 WHERE position = 2":
        ["intake.feedentry 2 deleted", "intake.feedentry 99 added"],
    "DELETE FROM intake_feedentry WHERE position = 3":
        ["intake.feedentry 3 deleted", "tickets.ticketevent {p}/3 unplaced"],
    # looks at personal data, holds and purges; a row that no verb recorded
    "UPDATE privacy_reveal SET reason = '因公' WHERE id = {reveal}":
        ["privacy.reveal {reveal} altered"],
    "DELETE FROM privacy_legalhold WHERE ticket_id = {t}": ["privacy.legalhold {hold} deleted"],
    "DELETE FROM privacy_purge WHERE ticket_id = {p}": [
        "privacy.purge {purge} deleted", "tickets.ticketevent {p}/1 text_deleted",
        "tickets.ticketevent {p}/3 text_deleted",
    ],
    'INSERT INTO privacy_reveal (id, ticket_id, officer_id, "group", reason, capacity, '
    "recorded_at) VALUES (999, {p}, {liaison}, 'contact', '因公', '', now())": [
        "privacy.reveal 999 added"
    ],
}  # fmt: skip
OF_BULLETINS: Final[dict[str, list[str]]] = {
    "UPDATE bulletins_bulletin SET hash = repeat('0', 64)": [f"{WEEK} altered", f"{WEEK} figures"],
    "UPDATE bulletins_bulletin SET blocks = jsonb_set(blocks, "
    "'{{resumption,figures,planned}}', '9')": [f"{WEEK} altered", f"{WEEK} figures"],
    "UPDATE bulletins_bulletin SET blocks = '{{}}'": [f"{WEEK} altered", f"{WEEK} figures"],
    "DELETE FROM bulletins_bulletin": [f"{WEEK} deleted"],
    "UPDATE bulletins_sealedcount SET totals = '{{}}' WHERE block = 'tickets'":
        [f"{SEALED % 'tickets'} altered", f"{SEALED % 'tickets'} totals"],
    # what they were counted from
    "UPDATE register_priorfiling SET total_investment = 3 WHERE year = 2019":
        ["register.priorfiling {prior} altered", f"{WEEK} figures"],
    f"UPDATE {LINE} SET asked = 3 WHERE ticket_id = {{t}} AND position = 2": [
        "tickets.vehiclepassline {t}/2 filed", f"{SEALED % 'quantities'} totals", f"{WEEK} figures",
    ],
}  # fmt: skip


def said() -> list[str]:
    return [f"{each.table} {each.row} {each.difference}" for each in audit()]


def names_of(cursor: Cursor) -> dict[str, Any]:
    """The keys of the rows that are altered."""
    here = record()
    at, (ticket, purged) = here[0], here[1:]
    keys = {
        "prior": "id FROM register_priorfiling",
        "assigned": "id FROM groups_assignment",
        "participant": "id FROM register_projectparticipant",
        "member": f"id FROM groups_membership WHERE officer_id = {at.liaison.pk}",
        "named": f"id FROM register_enterpriserevision WHERE enterprise_id = {at.enterprise.pk}",
        "role": f"id FROM staff_officerrevision WHERE officer_id = {at.liaison.pk}",
        "of_group": f"id FROM groups_grouprevision WHERE group_id = {at.group.pk}",
        "met": "event_id FROM tickets_fulfilment", "reveal": "id FROM privacy_reveal",
        "refusal": f"id FROM tickets_linerefusal WHERE ticket_id = {ticket.pk}",
        "hold": "id FROM privacy_legalhold", "purge": "id FROM privacy_purge",
    }  # fmt: skip
    found = {
        name: cursor.execute(f"SELECT {key}".encode()).fetchone() for name, key in keys.items()
    }
    return {name: row[0] for name, row in found.items() if row} | {
        "at": at, "ticket": ticket, "t": ticket.pk, "p": purged.pk, "project": at.project.pk,
        "group": at.group.pk, "other": at.other_group.pk, "liaison": at.liaison.pk,
        "lead": at.lead.pk, "report": DailyReport.objects.earliest("pk").pk,
        "revision": ProjectRevision.objects.latest("pk").pk,
    }  # fmt: skip


@pytest.mark.parametrize("alterations", [ALTERED, OF_BULLETINS], ids=["rows", "bulletins"])
def test_what_is_altered_is_named(
    superuser_cursor: Cursor, alterations: dict[str, list[str]]
) -> None:
    names = names_of(superuser_cursor)
    if alterations is OF_BULLETINS:
        issue(names["at"])
    assert said() == []
    found = {}
    for statement in alterations:
        with altered(superuser_cursor, statement.format(**names)):
            found[statement] = said()
    assert said() == []
    assert found == {
        statement: [line.format(**names) for line in lines]
        for statement, lines in alterations.items()
    }


def test_so_is_what_the_applications_own_role_alters(superuser_cursor: Cursor) -> None:
    names = names_of(superuser_cursor)
    own, line = Ticket.objects.filter(pk=names["t"]), f"tickets.vehiclepassline {names['t']}"
    lines = KINDS["vehicle_pass"].lines_of(names["t"])
    cases: list[tuple[QuerySet[Any], dict[str, Any], str]] = [
        (own, {"title": "无"}, f"tickets.ticket {names['t']} filed"),
        (own, {"detail": "另有"}, f"tickets.ticket {names['t']} filed"),
        (lines.filter(position=3), {"asked": 5}, f"{line}/3 filed"),
        (lines.filter(position=3), {"carrier": "他人"}, f"{line}/3 filed"),
        (lines.filter(position=2), {"refused": 0}, f"{line}/2 settled"),
    ]
    for rows, changes, expected in cases:
        before = rows.values(*changes).get()
        assert rows.update(**changes) == 1
        assert said() == [expected]
        rows.update(**before)
    assert said() == []
