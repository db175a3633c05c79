"""The archive of an issue, checked by its own script, without this system."""

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest

from coordination.bulletins.archive.package import archive_of
from coordination.bulletins.issues.verbs import distribute, edit, publish, review
from coordination.bulletins.models import Bulletin, Face
from coordination.bulletins.week import SHANGHAI
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from tests.factories.bulletins import draft_of
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
