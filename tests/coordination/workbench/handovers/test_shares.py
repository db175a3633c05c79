"""What each receiving officer has before and after."""

from coordination.workbench.handovers.shares import Given, Share, shares_of

A, B, C = 1, 2, 3


def test_projects_and_tickets_are_counted_once() -> None:
    given = [
        Given(A, B, (A, A, None)),
        Given(A, C, (C, B)),  # C has one of them already, and B loses one
        Given(B, B, (A,)),  # only the group is another: no further project
    ]
    assert shares_of(given, {A: (2, 3), B: (4, 5), C: (0, 1)}) == [
        Share(B, 4, 5, 5, 8),
        Share(C, 0, 1, 1, 2),
    ]


def test_nothing_given_is_nothing_to_show() -> None:
    assert shares_of([], {A: (1, 1)}) == []


def test_whoever_had_nothing_is_counted_from_zero() -> None:
    assert shares_of([Given(A, B, (A,))], {}) == [Share(B, 0, 1, 0, 1)]
