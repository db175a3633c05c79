"""Green, yellow, red: the light of a clock at each edge; days are of March 2020."""

from datetime import datetime

import pytest

from coordination.tickets.clocks.lights import Light, light_of
from coordination.tickets.flow import Verb
from tests.coordination.tickets.clocks.test_clock_verbs import (
    DUE,
    INSTANT,
    accepted,
    do,
    file,
    on,
    resolved,
)
from tests.coordination.tickets.clocks.test_clock_verbs import at as at  # noqa: PLC0414 - a fixture
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "light"),
    [
        (on(3), Light.GREEN),
        (on(6, 0) - INSTANT, Light.GREEN),
        (on(6, 0), Light.YELLOW),  # the last working day
        (DUE, Light.YELLOW),
        (DUE + INSTANT, Light.RED),
    ],
)
def test_the_light_of_a_term_in_days(at: Desk, moment: datetime, light: Light) -> None:
    assert light_of(accepted(at), moment) == light


@pytest.mark.parametrize(
    ("moment", "light"),
    [
        (on(3), Light.GREEN),
        (on(3, 10) - INSTANT, Light.GREEN),
        (on(3, 10), Light.YELLOW),  # the last hour
        (on(3, 11), Light.YELLOW),
        (on(3, 11) + INSTANT, Light.RED),
    ],
)
def test_the_light_of_a_term_in_hours(at: Desk, moment: datetime, light: Light) -> None:
    assert light_of(file(at, on(3)), moment) == light


def test_while_an_answer_is_awaited_the_light_stands(at: Desk) -> None:
    ticket = do(Verb.ASK, accepted(at), at.liaison, on(5), question="哪个路口")
    assert light_of(ticket, on(11)) == Light.GREEN
    late = do(Verb.ASK, accepted(at), at.liaison, on(9), question="哪个路口")
    assert light_of(late, on(11)) == Light.RED


def test_what_is_resolved_or_over_has_no_light_and_stays_known(at: Desk) -> None:
    ticket = resolved(at, on(9))
    assert (light_of(ticket, on(20)), ticket.clock_due, ticket.ever_red) == (None, None, True)
    kept = resolved(at, on(6, 17))
    assert (kept.resolved_at, kept.ever_red) == (DUE, False)
