"""Asking reporters: who is asked, when, once of each kind, in one message a person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from coordination.delivery.models import Delivery, State
from coordination.monitoring.ask import ask_due, hand_over, send_again, withdraw_useless
from coordination.monitoring.erase import erase_ended
from coordination.monitoring.models import Asking, DailyLink
from coordination.monitoring.queries import owing
from projects.progress.models import Reporter
from projects.progress.queries_reporting import halted_on
from projects.progress.report import report
from projects.progress.reporters import ERASED_AFTER, change_reporter, end_reporter
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from projects.register.models import ProjectParticipant
from projects.register.registration import end_participation
from tests.bed.races import race
from tests.coordination.monitoring.scene import (
    MAIL,
    everything,
    letters,
    march,
    on,
    paths_in,
    reporter,
    site,
    working_desk,
)
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Desk:
    return working_desk()


def sweep(moment: datetime) -> int:
    with clock_at(moment):
        return ask_due()


def kinds() -> list[tuple[int, str]]:
    return list(Asking.objects.order_by("pk").values_list("reporter_id", "kind"))


def test_one_message_a_person_has_a_link_for_each_project(at: Desk) -> None:
    first, second = reporter(at), reporter(at, site(at))
    other = reporter(at, email="other@example.com")
    assert sweep(on(10)) == 2
    one, two = letters()
    assert {one.destination.shown, two.destination.shown} == {MAIL, "other@example.com"}  # type: ignore[union-attr]  # to a person
    mine = one if one.destination.shown == MAIL else two  # type: ignore[union-attr]  # as above
    assert len(paths_in(mine)) == 2
    assert DailyLink.objects.count() == 3
    assert sorted(kinds()) == sorted((each.pk, "asked") for each in (first, second, other))
    assert mine.due_at == mine.created_at  # it does not wait for the next morning
    for each in (first, second):
        assert str(each.project) not in str(mine.payload)
        assert "王五" not in str(mine.payload)


def test_the_timetable_runs_twice_and_sends_once_and_chases_with_the_same_links(at: Desk) -> None:
    reporter(at)
    assert [sweep(on(10)), sweep(on(10, 15, 5)), sweep(on(10, 17, 29))] == [1, 0, 0]
    asked = paths_in(letters()[0])
    assert [sweep(on(10, 17, 30)), sweep(on(10, 19, 59))] == [1, 0]
    waiting, chased = letters()
    assert (waiting.state, waiting.sealed_link, chased.state) == (State.DEAD, "", State.PENDING)
    assert paths_in(chased) == asked
    assert [kind for _pk, kind in kinds()] == ["asked", "chased"]
    assert sweep(on(11)) == 1  # another day


@pytest.mark.parametrize(
    ("moment", "kinds_sent"),
    [
        (on(10, 14, 59), []),
        (on(10, 15), ["asked"]),
        (on(10, 17, 45), ["chased"]),  # the afternoon was missed
        (on(10, 20), []),  # nothing at night
        (on(10, 3), []),
        (on(14, 15), ["asked"]),  # a Saturday
    ],
)
def test_when_reporters_are_written_to(at: Desk, moment: datetime, kinds_sent: list[str]) -> None:
    reporter(at)
    sweep(moment)
    assert [kind for _pk, kind in kinds()] == kinds_sent


@pytest.mark.parametrize(
    ("days", "day", "number"),
    [("workdays", 14, 0), ("workdays", 13, 1), ("never", 13, 0), ("daily", 14, 1)],
)
def test_the_days_are_a_setting(at: Desk, settings: Any, days: str, day: int, number: int) -> None:
    settings.REPORTERS_ASKED = days
    reporter(at)
    assert sweep(on(day)) == number


def reported(at: Desk, row: Reporter) -> None:
    report(project=row.project, day=march(10), resumed=True, by=at.key)


def halted(at: Desk, row: Reporter) -> None:
    report(
        project=row.project, day=march(9), resumed=False, halt="weather", halted_until=march(12),
        by=at.liaison,
    )  # fmt: skip


def ended(at: Desk, row: Reporter) -> None:
    end_reporter(reporter=row, by=at.key)


def left(at: Desk, row: Reporter) -> None:
    part = ProjectParticipant.objects.get(project=row.project)
    end_participation(participant=part, on=march(10), by=at.director)


def without_address(_at: Desk, row: Reporter) -> None:
    Reporter.objects.filter(pk=row.pk).update(email="")


def closed(_at: Desk, _row: Reporter) -> None:
    sweep(on(9))
    Delivery.objects.get().destination.__class__.objects.update(is_active=False)  # type: ignore[union-attr]  # to a person


@pytest.mark.parametrize(
    "way", [reported, halted, ended, left, without_address, closed],
    ids=lambda each: str(each.__name__),
)  # fmt: skip
def test_who_is_not_asked(at: Desk, way: Any) -> None:
    row = reporter(at)
    with clock_at(on(10, 10)):
        way(at, row)
    before = everything()
    assert [sweep(on(10)), sweep(on(10, 17, 40))] == [0, 0]
    assert everything() == before


@pytest.mark.parametrize(
    "counted",
    [{"planned_resumption": None, "phase": "preliminary"}, {"planned_resumption": march(20)}],
)
def test_projects_that_owe_nothing(at: Desk, counted: dict[str, Any]) -> None:
    reporter(at, site(at, **counted))
    assert sweep(on(10)) == 0


def test_only_those_still_missing_are_chased(at: Desk) -> None:
    done, missing = reporter(at), reporter(at, site(at))
    sweep(on(10))
    with clock_at(on(10, 16)):
        report(project=done.project, day=march(10), resumed=True, by=done)
    assert sweep(on(10, 17, 30)) == 1
    assert [pk for pk, kind in kinds() if kind == "chased"] == [missing.pk]
    assert len(paths_in(letters()[-1])) == 1


def test_a_project_that_rests_is_asked_again_on_the_day(at: Desk) -> None:
    row = reporter(at)
    with clock_at(on(9, 10)):
        halted(at, row)
    assert [sweep(on(11)), sweep(on(12))] == [0, 1]


def test_what_was_not_sent_yesterday_is_not_sent_today(at: Desk) -> None:
    reporter(at)
    sweep(on(10))
    assert given_up(on(11, 8)) == (1, 0)


def given_up(moment: datetime) -> tuple[int, int]:
    """How many letters are given up then, and how many more at once after."""
    with clock_at(moment):
        found = withdraw_useless(), withdraw_useless()
    dead = [each for each in letters() if each.state == State.DEAD]
    assert all(each.sealed_link == "" for each in dead)
    return found


@pytest.mark.parametrize(
    ("moment", "number"), [(on(10, 19, 59), 0), (on(10, 20), 1), (on(11, 3), 1)]
)
def test_nothing_that_waits_leaves_at_night(at: Desk, moment: datetime, number: int) -> None:
    reporter(at)
    sweep(on(10))
    assert given_up(moment) == (number, 0)


def moved(at: Desk, row: Reporter) -> None:
    change_reporter(reporter=row, name="王五", email="right@example.com", by=at.liaison)


@pytest.mark.parametrize("way", [reported, ended, left, moved])
def test_a_letter_that_nobody_needs_any_more_does_not_leave(at: Desk, way: Any) -> None:
    row = reporter(at)
    other = reporter(at, site(at))
    sweep(on(10))
    with clock_at(on(10, 16)):
        way(at, row)
    assert given_up(on(10, 16, 1)) == (0, 0)  # the other project still owes its report
    with clock_at(on(10, 16, 2)):
        way(at, other)
    assert given_up(on(10, 16, 3)) == (1, 0)


def test_a_link_to_a_wrong_address_opens_nothing_once_that_is_corrected(at: Desk) -> None:
    row = reporter(at)
    sweep(on(10))
    (wrong,) = paths_in(letters()[0])
    with clock_at(on(10, 16)):
        moved(at, row)
        row.refresh_from_db()
        (right,) = paths_in(send_letter_again(at, row))
        assert [Client().get(each).status_code for each in (wrong, right)] == [410, 200]
    assert list(DailyLink.objects.order_by("pk").values_list("ended_because", flat=True)) == [
        "revoked", "",
    ]  # fmt: skip


def send_letter_again(at: Desk, row: Reporter) -> Delivery:
    sent = send_again(reporter=row, by=at.liaison).delivery
    assert sent is not None
    return sent


def test_sending_one_project_again_leaves_the_mail_of_the_others(at: Desk) -> None:
    row, _other = reporter(at), reporter(at, site(at))
    sweep(on(10))
    with clock_at(on(10, 16)):
        send_letter_again(at, row)
    assert [(each.state, len(paths_in(each))) for each in letters()] == [
        (State.PENDING, 2), (State.PENDING, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("hour", [7, 20])
def test_nothing_is_sent_again_at_night_or_once_the_day_is_reported(at: Desk, hour: int) -> None:
    row = reporter(at)
    before = everything()
    with clock_at(on(10, hour)), pytest.raises(NotAllowed):
        send_again(reporter=row, by=at.liaison)
    assert everything() == before
    with clock_at(on(10, 16)):
        reported(at, row)
        before = everything()
        with pytest.raises(NotAllowed):
            send_again(reporter=row, by=at.liaison)
    assert everything() == before


def test_nobody_sends_a_link_to_who_takes_part_no_more(at: Desk) -> None:
    row = reporter(at)
    sweep(on(10, 15))
    (path,) = paths_in(letters()[0])
    with clock_at(on(10, 16)):
        left(at, row)
        before = everything()
        for act in (send_again, hand_over):
            with pytest.raises(NotAllowed):
                act(reporter=row, by=at.liaison)
        assert Client().get(path).status_code == 410
    assert everything() == before


def test_one_person_is_asked_by_a_look_at_his_projects_alone(at: Desk) -> None:
    for _each in range(2):
        reporter(at, site(at))
    with clock_at(on(10, 10)):
        halted(at, reporter(at))
        assert halted_on(march(10), [at.project.pk]) == {at.project.pk}
    theirs = reporter(at, site(at), email="other@example.com")
    found = owing(on(10), Reporter.objects.filter(email=MAIL))
    assert (len(found), theirs.project_id in found) == (2, False)


def test_without_a_mail_server_nothing_is_said_to_be_sent(at: Desk, settings: Any) -> None:
    settings.EMAIL_OFFERED = False
    reporter(at)
    assert (sweep(on(10)), kinds()) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_one_message() -> None:
    at = working_desk()
    reporter(at)
    race(*[lambda: sweep(on(10))] * 3)
    assert (len(letters()), Asking.objects.count(), DailyLink.objects.count()) == (1, 1, 1)


def test_an_officer_sends_it_again_once_a_day_and_hands_it_over(at: Desk) -> None:
    row = reporter(at)
    sweep(on(10))
    asked = paths_in(letters()[0])
    with clock_at(on(10, 16)):
        sent = send_again(reporter=row, by=at.liaison)
        before = everything()
        with pytest.raises(NotAllowed):
            send_again(reporter=row, by=at.lead)
        assert everything() == before
        address = hand_over(reporter=row, by=at.lead)
        assert hand_over(reporter=row, by=at.lead) == address
    assert address.endswith(asked[0])
    assert paths_in(letters()[-1]) == asked
    assert (sent.officer, [kind for _pk, kind in kinds()]) == (
        at.liaison, ["asked", "by_hand", "shown"],
    )  # fmt: skip


def test_who_sends_nothing(at: Desk) -> None:
    row, silent = reporter(at), reporter(at, email="")
    before = everything()
    for act in (send_again, hand_over):
        with clock_at(on(10)), pytest.raises(NotAllowed):
            act(reporter=row, by=at.auditor)
    with clock_at(on(10)), pytest.raises(NotAllowed):
        send_again(reporter=silent, by=at.liaison)  # no address
    assert everything() == before
    end_reporter(reporter=row, by=at.key)
    with clock_at(on(10)), pytest.raises(NotAllowed):
        hand_over(reporter=row, by=at.liaison)


def test_who_is_erased_is_erased_in_delivery_too(at: Desk) -> None:
    row = reporter(at)
    sweep(on(10))
    with clock_at(on(10, 18)):
        end_reporter(reporter=row, by=at.key)
    with clock_at(on(10, 18) + ERASED_AFTER + timedelta(days=1)):
        assert (erase_ended(), erase_ended()) == (1, 0)
    (letter,) = letters()
    to: Any = letter.destination
    assert (MAIL in to.shown, to.sealed, to.is_active, letter.state) == (
        False, "", False, State.DEAD,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.name, row.email) == ("", "")


def test_delivery_forgets_a_former_address_that_night(at: Desk) -> None:
    row = reporter(at)
    reporter(at, email="other@example.com")
    sweep(on(10))
    with clock_at(on(10, 18)):
        moved(at, row)
    with clock_at(on(11, 3)):
        assert erase_ended() == 0
    found: list[Any] = [each.destination for each in letters()]
    assert {each.shown for each in found if each.sealed} == {"other@example.com"}
    assert len(found) == 2
