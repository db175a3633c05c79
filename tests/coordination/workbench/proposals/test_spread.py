"""How what nobody serves is spread: fair within a bound, the same each time, and explained."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.tickets.urgency import Urgency
from coordination.workbench.proposals.spread import (
    KNOWN_TO_GROUP,
    KNOWN_TO_HIM,
    PROJECT,
    Candidate,
    Gap,
    Knows,
    Proposal,
    Why,
    deputy_of,
    in_order,
    spread,
)

type Serving = Counter[tuple[int, int]]
type Case = tuple[list[Gap], list[Candidate], Serving]

URGENCIES = st.sampled_from([each.value for each in Urgency])
DISTRICTS = st.integers(1, 4)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    candidates = [
        Candidate(
            officer=number,
            group=draw(st.integers(1, 3)),
            is_liaison=draw(st.integers(0, 4)) > 0,
            districts=draw(st.dictionaries(DISTRICTS, st.integers(1, 9), max_size=3)),
            deputising=draw(st.integers(0, 5)),
            tickets=draw(st.dictionaries(URGENCIES, st.integers(1, 9), max_size=3)),
        )
        for number in range(1, draw(st.integers(1, 8)))
    ]
    serving: Serving = Counter()
    for candidate in candidates:
        for district, number in candidate.districts.items():
            serving[candidate.group, district] += number
    for group, district in draw(st.lists(st.tuples(st.integers(1, 3), DISTRICTS), max_size=3)):
        serving[group, district] += 1  # of somebody who is on leave
    gaps = [
        Gap(number, f"LY-{number}", draw(DISTRICTS), tuple(draw(st.lists(URGENCIES, max_size=3))))
        for number in range(1, draw(st.integers(1, 13)))
    ]
    return gaps, candidates, serving


def borne(case: Case, found: list[Proposal]) -> Counter[int]:
    """What each bears when all is accepted, counted apart."""
    gaps, candidates, _serving = case
    weights = {gap.project: gap.weight for gap in gaps}
    loads = Counter({candidate.officer: candidate.load for candidate in candidates})
    for each in found:
        loads[each.liaison] += weights[each.project]
    return loads


def accepted(case: Case, done: Proposal) -> Case:
    """The rows as they are once one proposal is accepted."""
    gaps, candidates, serving = case
    gap = next(each for each in gaps if each.project == done.project)
    after = []
    for candidate in candidates:
        if candidate.officer == done.liaison:
            districts = Counter(candidate.districts) + Counter({gap.district: 1})
            tickets = Counter(candidate.tickets) + Counter(gap.tickets)
            after.append(replace(candidate, districts=districts, tickets=tickets))
        elif candidate.officer == done.deputy:
            after.append(replace(candidate, deputising=candidate.deputising + 1))
        else:
            after.append(candidate)
    served = serving + Counter({(done.group, gap.district): 1})
    return [each for each in gaps if each != gap], after, served


@given(cases())
def test_nobody_bears_more_than_another_by_more_than_the_bound(case: Case) -> None:
    gaps, candidates, serving = case
    found, by_project = spread(*case), {gap.project: gap for gap in gaps}
    loads = borne(case, found)
    last = {each.liaison: by_project[each.project] for each in found}
    for officer, gap in last.items():
        for other in (each for each in candidates if each.is_liaison and each.officer != officer):
            more = loads[officer] - loads[other.officer]
            assert more <= gap.weight + KNOWN_TO_HIM
            if serving[other.group, gap.district]:
                assert more <= gap.weight + KNOWN_TO_HIM - KNOWN_TO_GROUP


def test_the_bound_is_less_than_two_projects_where_no_ticket_waits() -> None:
    assert Gap(1, "", 1).weight + KNOWN_TO_HIM - KNOWN_TO_GROUP < 2 * PROJECT


@given(cases(), st.randoms(use_true_random=False))
def test_the_same_rows_in_any_order_give_the_same(case: Case, random: object) -> None:
    gaps, candidates, serving = case
    shuffled = [list(gaps), list(candidates)]
    for rows in shuffled:
        random.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis does not say its type
    assert spread(shuffled[0], shuffled[1], serving) == spread(*case)  # type: ignore[arg-type]  # of two kinds


@given(cases())
def test_one_by_one_is_as_at_once(case: Case) -> None:
    found = spread(*case)
    for number, done in enumerate(found):
        rest = spread(*case)
        assert rest == found[number:]
        case = accepted(case, done)


@given(cases())
def test_everything_is_given_to_a_liaison_with_another_of_his_group_as_deputy(case: Case) -> None:
    gaps, candidates, _serving = case
    found = spread(*case)
    by_officer = {candidate.officer: candidate for candidate in candidates}
    if not any(candidate.is_liaison for candidate in candidates):
        assert found == []
        return
    assert [each.project for each in found] == [gap.project for gap in in_order(gaps)]
    for each in found:
        assert by_officer[each.liaison].is_liaison
        assert by_officer[each.liaison].group == each.group
        others = {
            candidate.officer for candidate in candidates if candidate.group == each.group
        } - {each.liaison}
        assert (each.deputy in others) if others else (each.deputy is None)


def only(case: Case) -> Proposal:
    (found,) = spread(*case)
    return found


GAP = [Gap(1, "LY-1", 7)]


@pytest.mark.parametrize(
    ("candidates", "serving", "expected"),
    [
        (  # he knows the district, and bears a little more
            [Candidate(1, 1), Candidate(2, 1, tickets={"normal": 1}, districts={7: 0}),
             Candidate(3, 1, districts={7: 12}, tickets={"normal": 1}),
             Candidate(4, 1, districts={8: 12})],
            {(1, 7): 12},
            (1, 1, 2, Why(Knows.GROUP, 12, True, 0, 0)),
        ),
        (
            [Candidate(1, 1, districts={8: 12}),
             Candidate(2, 1, districts={7: 12}, tickets={"normal": 1})],
            {(1, 7): 12, (1, 8): 12},
            (1, 2, 1, Why(Knows.HIMSELF, 12, False, 12, 1)),
        ),
        (  # the district stays with its group
            [Candidate(1, 1, districts={7: 4}), Candidate(2, 2)],
            {(1, 7): 4},
            (1, 1, None, Why(Knows.HIMSELF, 4, True, 4, 0)),
        ),
        (  # but not at any price
            [Candidate(1, 1, districts={7: 6}), Candidate(2, 2)],
            {(1, 7): 6},
            (2, 2, None, Why(Knows.OTHERS, 0, True, 0, 0)),
        ),
        (  # nobody knows it
            [Candidate(1, 1, tickets={"critical": 1}), Candidate(2, 2, tickets={"normal": 2})],
            {},
            (2, 2, None, Why(Knows.NOBODY, 0, True, 0, 2)),
        ),
        (  # a lead is never the liaison, and the deputy where there is nobody else
            [Candidate(1, 1, is_liaison=False), Candidate(2, 1, tickets={"normal": 9})],
            {},
            (1, 2, 1, Why(Knows.NOBODY, 0, True, 0, 9)),
        ),
    ],
)  # fmt: skip
def test_who_is_proposed_and_why(
    candidates: list[Candidate],
    serving: dict[tuple[int, int], int],
    expected: tuple[int, int, int | None, Why],
) -> None:
    found = only((GAP, candidates, Counter(serving)))
    assert (found.group, found.liaison, found.deputy, found.why) == expected


def test_the_heaviest_first_so_that_what_is_light_evens_out() -> None:
    gaps = [Gap(1, "LY-1", 7), Gap(2, "LY-2", 7, ("critical", "critical"))]
    assert [gap.project for gap in in_order(gaps)] == [2, 1]


def test_a_deputy_is_whoever_stands_in_for_fewest() -> None:
    candidates = [
        Candidate(1, 1),
        Candidate(2, 1, deputising=3),
        Candidate(3, 1, deputising=1),
        Candidate(4, 2),
    ]
    assert (deputy_of(1, 1, candidates), deputy_of(2, 4, candidates)) == (3, None)


@pytest.mark.parametrize("others", [[], [Candidate(5, 1, is_liaison=False)]])
def test_who_knows_a_district_from_a_group_that_he_left(others: list[Candidate]) -> None:
    """There, nobody is left to compare him with."""
    (proposed,) = spread([Gap(9, "P9", 7)], [Candidate(1, 2, districts={7: 1}), *others],
                         Counter({(1, 7): 1}))  # fmt: skip
    assert (proposed.liaison, proposed.why.knows) == (1, Knows.HIMSELF)
