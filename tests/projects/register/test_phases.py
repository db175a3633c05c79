"""Which phase may follow which: forward freely, back with a reason, never past the start."""

import itertools

import pytest

from projects.record.refusals import Invalid
from projects.register.models import Phase
from projects.register.registration import revise_project
from tests.factories.coordination import director, project

FREE = {
    ("preliminary", "new_start"), ("new_start", "continuing"), ("new_start", "completing"),
    ("continuing", "completing"),
}  # fmt: skip
REFUSED = {("preliminary", "continuing"), ("preliminary", "completing")}


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), list(itertools.product(Phase.values, repeat=2)))
def test_moves(before: str, after: str) -> None:
    site, by = project(phase=before), director()
    if before == after or (before, after) in FREE:
        revise_project(project=site, changes={"phase": after}, by=by)
        assert site.revisions.latest("number").reason == ""
        return
    with pytest.raises(Invalid) as refused:
        revise_project(project=site, changes={"phase": after}, by=by)
    field, code = ("phase", "phase") if (before, after) in REFUSED else ("reason", "required")
    assert [(each.path, each.code) for each in refused.value.errors] == [((field,), code)]
    assert site.revisions.count() == 1
    if (before, after) in REFUSED:
        with pytest.raises(Invalid):
            revise_project(project=site, changes={"phase": after}, reason="因故", by=by)
        return
    revise_project(project=site, changes={"phase": after}, reason=" 结转 ", by=by)
    assert site.revisions.latest("number").reason == "结转"
