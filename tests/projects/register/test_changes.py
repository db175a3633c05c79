"""What changed the number of projects adds up for any two moments of any history."""

import random
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from projects.record.clock import clock_at, now
from projects.record.refusals import Refusal
from projects.register.exits import remove_project, return_project
from projects.register.models import Batch, Project
from projects.register.queries import register_at
from projects.register.queries_changes import REVISED, ROWS, START, explained, in_year
from projects.register.registration import revise_project
from projects.register.succession import bundle_projects, merge_projects, split_project
from tests.factories.coordination import director, project

pytestmark = pytest.mark.django_db


class History:
    """Some forty acts, an hour apart, and notes of what is in the register after each."""

    def __init__(self, seed: int) -> None:
        self.chosen, self.by = random.Random(seed), director()
        self.start = now() - timedelta(hours=60)
        self.sites: list[Project] = []
        self.notes: dict[int, tuple[bool, Decimal, int]] = {}  # is in, total, the batch's year
        self.moments: list[tuple[datetime, dict[int, tuple[bool, Decimal, int]]]] = []
        self.batches = {
            2020: Batch.objects.create(year=2020, ordinal=1, name="2020-1"),
            2021: Batch.objects.create(year=2021, ordinal=1, name="2021-1"),
        }
        acts = [
            self.register, self.register, self.register, self.register, self.revise, self.revise,
            self.remove, self.back, self.merge, self.bundle, self.split,
        ]  # fmt: skip
        for hour in range(40):
            moment = self.start + timedelta(hours=hour)
            with clock_at(moment):
                act = self.chosen.choice(acts) if len(self.sites) > 3 else self.register
                with suppress(Refusal):
                    act()
            self.moments.append((moment, dict(self.notes)))

    def some(self, number: int, *, is_in: bool = True) -> list[Project]:
        found = [each for each in self.sites if self.notes[each.pk][0] is is_in]
        if len(found) < number:
            raise Refusal
        return self.chosen.sample(found, number)

    def mark(self, site: Project, **changed: Any) -> None:
        is_in, total, year = self.notes.get(site.pk, (True, Decimal(0), 0))
        self.notes[site.pk] = (
            changed.get("is_in", is_in), changed.get("total", total), changed.get("year", year),
        )  # fmt: skip

    def register(self) -> None:
        total, year = Decimal(self.chosen.randint(5, 20)), self.chosen.choice([2020, 2021])
        site = project(total_investment=total, batch=self.batches[year], by=self.by)
        self.sites.append(site)
        self.mark(site, total=total, year=year)

    def revise(self) -> None:
        (site,) = self.some(1)
        total, year = Decimal(self.chosen.randint(5, 20)), self.chosen.choice([2020, 2021])
        changes = {"total_investment": total, "batch": self.batches[year]}
        revise_project(project=site, changes=changes, by=self.by)
        self.mark(site, total=total, year=year)

    def remove(self) -> None:
        (site,) = self.some(1)
        remove_project(project=site, reason="错", by=self.by)
        self.mark(site, is_in=False)

    def back(self) -> None:
        (site,) = self.some(1, is_in=False)
        return_project(project=site, reason="回", by=self.by)
        self.mark(site, is_in=True)

    def merge(self) -> None:
        one, other = self.some(2)
        merge_projects(project=one, into=other, reason="同", by=self.by)
        self.mark(one, is_in=False)

    def bundle(self) -> None:
        one, other, whole = self.some(3)
        today = timezone.localdate(now())
        bundle_projects(projects=[one, other], into=whole, on=today, reason="包", by=self.by)
        self.mark(one, is_in=False)
        self.mark(other, is_in=False)

    def split(self) -> None:
        one, *parts = self.some(3)
        split_project(
            project=one, into=parts, on=timezone.localdate(now()), reason="拆", by=self.by
        )
        self.mark(one, is_in=False)


@pytest.mark.parametrize("seed", range(3))
def test_the_rows_add_up_for_any_two_moments(seed: int) -> None:
    history = History(seed)
    seen: Counter[str] = Counter()
    for _try in range(12):
        first, last = sorted(history.chosen.sample(range(40), 2))
        (start, before), (end, after) = history.moments[first], history.moments[last]
        for year in (None, 2020):
            listing = in_year(year) if year else register_at
            lines = explained(start, end, listing)
            notes = [
                {
                    key: total for key, (is_in, total, of) in each.items()
                    if is_in and year in {None, of}
                }
                for each in (before, after)
            ]  # fmt: skip
            assert set(lines["start"].projects) == notes[0].keys()
            assert set(lines["end"].projects) == notes[1].keys()
            assert lines["end"].total == sum(notes[1].values())
            moved = [(sign, lines[name]) for name, (sign, _label) in ROWS.items() if name != "end"]
            number = sum(
                sign * len(lines[name].projects) for name, (sign, _label) in ROWS.items()
                if name not in {"end", REVISED}
            )  # fmt: skip
            assert number == len(notes[1])
            assert sum(sign * line.total for sign, line in moved) == lines["end"].total
            assert sum(sign * line.annual for sign, line in moved) == lines["end"].annual
            seen.update({name: len(line.projects) for name, line in lines.items()})
    assert len([name for name in ROWS if seen[name]]) >= 8, seen


def test_the_page_shows_them_with_their_projects() -> None:
    by = director()
    one, other = project(by=by), project(by=by)
    merge_projects(project=one, into=other, reason="同一项目", by=by)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(by)
    address = reverse("admin:register_project_changes")
    today = timezone.localdate(now())
    page = client.get(f"{address}?since={today}&until={today}&of=")
    shown = {each.name: [row.pk for row in each.projects] for each in page.context["shown"]}
    assert shown["registered"] == [other.pk]  # the one that left in between is in neither
    for wrong in ("since=2021-01-01&until=2020-01-01", "since=0001-01-01", "of=1", "until=x"):
        page = client.get(f"{address}?{wrong}")
        assert (page.status_code, page.context["shown"]) == (200, [])
    assert explained(now(), now())[START].projects == [other.pk]
