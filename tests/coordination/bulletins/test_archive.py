"""The archive of an issue, checked by its own script, without this system."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest

from coordination.bulletins.archive.package import archive_of
from coordination.bulletins.issues.supplement import supplement
from coordination.bulletins.issues.verbs import distribute, edit, publish, review
from coordination.bulletins.models import Bulletin, Face, Supplement
from coordination.bulletins.week import SHANGHAI
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from tests.factories.bulletins import draft_in_test, draft_of, signed
from tests.factories.coordination import desk, director, filed

pytestmark = pytest.mark.django_db(transaction=True)
CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
FOLDER: Final = "bulletin-2020-03-09"


def checked(folder: Path) -> tuple[int, list[str]]:
    """What the script says, run apart from the project and its libraries."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py"], cwd=folder, capture_output=True, text=True,
        check=False, env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return alter


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with clock_at(CUT_OFF - timedelta(days=1)):
        at = desk()
        filed(at)
    with clock_at(CUT_OFF + timedelta(hours=1)):
        issue = draft_of(CUT_OFF)
        with pytest.raises(NotAllowed):
            archive_of(issue)
        words = {"problems": "部分项目物资运输受阻。"}
        issue = edit(issue=issue, language="zh-hans", wordings=words, by=at.duty_desk)
        issue = publish(issue=review(issue=issue, by=at.director), by=at.director)
        issue = distribute(issue=issue, by=at.duty_desk)
    content = archive_of(issue)
    assert archive_of(issue) == content
    with ZipFile(io.BytesIO(content)) as file:
        file.extractall(tmp_path)
    return tmp_path / FOLDER


def test_it_has_the_files_as_they_were_signed_and_its_script_agrees(archive: Path) -> None:
    figures = Bulletin.objects.get()
    said = f"All is as it was signed: No. 1 (1 in all), 2020-03-09, by {director()}."
    assert checked(archive) == (
        0, [f"{said} Compare with the paper: {figures.hash[:16]}"],
    )  # fmt: skip
    files = {path.relative_to(archive / "files"): path for path in archive.rglob("bulletin.*")}
    assert len(files) == Face.objects.count() == 16
    for face in Face.objects.all():
        assert files[Path(face.key) / f"bulletin.{face.format}"].read_bytes() == face.content


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (without("files/pdf/en/all/bulletin.pdf"),
         ["missing: files/pdf/en/all/bulletin.pdf", "another file was signed: pdf/en/all"]),
        (replaced("files/html/zh-hans/staff/bulletin.html", "第1期", "第2期"),
         ["altered: files/html/zh-hans/staff/bulletin.html",
          "another file was signed: html/zh-hans/staff"]),
        (replaced("figures.json", '"filed":1', '"filed":2'),
         ["altered: figures.json", "figures of block handling are not those of their hash"]),
        (replaced("events.json", '"verb":"review"', '"verb":"edit"'),
         ["altered: events.json", "event 3 was altered"]),
        (replaced("words.json", "受阻", "通畅"),
         ["altered: words.json", "other words were signed"]),
        (lambda folder: (folder / "more.txt").write_text("x") and None,
         ["not in the manifest: more.txt"]),
    ],
)  # fmt: skip
def test_whatever_was_altered_is_named(
    archive: Path, alter: Callable[[Path], Any], said: list[str]
) -> None:
    alter(archive)
    assert checked(archive) == (1, said)


@pytest.fixture
def supplemented(tmp_path: Path) -> Path:
    """The archive of an issue with a block that came after its signature."""
    with clock_at(CUT_OFF - timedelta(days=1)):
        filed(desk())
    with clock_at(CUT_OFF + timedelta(hours=1)):
        issue = signed(draft_in_test(CUT_OFF, {"register": 1, "tickets": 1}))
    with clock_at(CUT_OFF + timedelta(days=90)):
        issue = supplement(issue=issue, by=director())
    with ZipFile(io.BytesIO(archive_of(issue))) as file:
        file.extractall(tmp_path)
    return tmp_path / FOLDER


def test_it_has_the_supplements_of_the_issue(supplemented: Path) -> None:
    kept = json.loads((supplemented / "supplements.json").read_bytes())
    assert kept == {
        each.block: {"schema": each.schema, "figures": each.figures, "hash": each.hash}
        for each in Supplement.objects.all()
    }
    assert "handling" in kept
    assert checked(supplemented)[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"filed":1', '"filed":2',
         "figures of supplement handling are not those that were counted"),
        ('"handling":', '"toys":', "supplement handling is missing"),
    ],
)  # fmt: skip
def test_an_altered_supplement_is_named(supplemented: Path, old: str, new: str, said: str) -> None:
    replaced("supplements.json", old, new)(supplemented)
    wrong = ["altered: supplements.json", said]
    if "toys" in new:
        wrong.append("supplement toys was counted by nobody")
    assert checked(supplemented) == (1, wrong)
