"""Reading a workbook, with all that is special about it, against openpyxl reading its values alone.

Both in a process of their own, in turn; processor time, and each process's own peak of memory.
``make bench-workbooks`` reads 6,000 rows of 20 columns; a request reads 5,000 and stops. Then what
others wait while eight send such a workbook at once.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from statistics import median
from threading import Event
from time import perf_counter
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import xlsxwriter

from config.embedded import PROJECT
from tests.factories.coordination import Desk, desk

ROWS, ROUNDS = int(os.environ.get("WORKBOOK_ROWS", "300")), int(os.environ.get("ROUNDS", "1"))
MOST = float(os.environ.get("MOST", "3"))
READS: Final = 10 * ROUNDS
MOST_BESIDE: Final = 20 if ROUNDS == 1 else 5  # with room for a busy machine
COLUMNS: Final = 20
_TOLD: Final = """
import re
from pathlib import Path
most = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
spent = sum(os.times()[:2])
print(most, spent, file=sys.stderr)
"""
_OURS: Final = "import os, sys\nfrom projects.files.workbooks.child import read\n" + (
    "from projects.files.sandbox.child import serve\nserve(read)\n" + _TOLD
)
_OTHERS: Final = "import io, os, sys\nfrom openpyxl import load_workbook\n" + (
    "content = sys.stdin.buffer.read().partition(b'\\n')[2]\n"
    "sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]\n"
    "for row in sheet.iter_rows(values_only=True): pass\n" + _TOLD
)


def workbook(rows: int) -> bytes:
    """Texts that repeat and texts that do not, numbers and days."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for row in range(rows):
        for column in range(COLUMNS):
            if column % 4 == 0:
                sheet.write_number(row, column, row * column)
            elif column % 4 == 1:
                sheet.write_number(row, column, 43_899 + row % 300, day)
            else:
                sheet.write_string(row, column, f"第{row % (7 if column % 4 == 2 else 9999)}项")
    book.close()
    return file.getvalue()


def measured(program: str, asked: bytes) -> tuple[int, float]:
    """Its peak of memory in MB, and its processor time in seconds."""
    done = subprocess.run(
        [sys.executable, "-c", program], input=asked, capture_output=True, check=True, cwd=PROJECT
    )
    most, spent = done.stderr.split()[-2:]
    return int(most), float(spent)


def test_reading_a_workbook_against_its_values_alone() -> None:
    asked = json.dumps({"rows": ROWS, "cells": ROWS * COLUMNS}).encode() + b"\n" + workbook(ROWS)
    ours, others = [], []
    for _round in range(ROUNDS):
        ours.append(measured(_OURS, asked))
        others.append(measured(_OTHERS, asked))
    ratio = median(one[1] / other[1] for one, other in zip(ours, others, strict=True))
    memory, theirs = (max(each[0] for each in of) for of in (ours, others))
    told = f"{ratio:.2f} of openpyxl's time ({ours[0][1]:.2f} s), {memory} MB ({theirs} MB)"
    print(f"\n{ROWS} rows: {told}")  # noqa: T201 - a figure to read
    assert ratio <= MOST
    assert memory <= 150


def test_what_is_beyond_the_limit_costs_little() -> None:
    """A sheet ten times as long is refused for little more than one that is just too long."""
    asked = json.dumps({"rows": ROWS, "cells": ROWS * COLUMNS}).encode() + b"\n"
    short = measured(_OURS, asked + workbook(ROWS + 1))[1]
    long = measured(_OURS, asked + workbook(10 * ROWS))[1]
    print(f"\nten times as long: {long / short:.2f}")  # noqa: T201 - a figure to read
    assert long <= 5 * short


_BOUNDARY: Final = "workbooks"


def form_of(content: bytes) -> bytes:
    """A form with the workbook, as a browser sends it."""
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nvehicle_pass\r\n'
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    )
    return head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()


def asked(address: str, at: Desk, body: bytes | None = None) -> tuple[int, float]:
    """The status of the answer, and the seconds that it took."""
    headers = {"Authorization": f"Bearer {at.token}"}
    if body is not None:
        headers |= {
            "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}", "Idempotency-Key": "k-1",
        }  # fmt: skip
    begun = perf_counter()
    try:
        with urlopen(Request(address, body, headers), timeout=60) as answer:  # noqa: S310 - our own server
            answer.read()
            return answer.status, perf_counter() - begun
    except HTTPError as error:
        return error.code, perf_counter() - begun


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_do_not_hold_up_others(live_server: Any) -> None:
    at, others = desk(), desk()
    tickets = f"{live_server.url}/api/v1/tickets/"
    body = form_of(workbook(max(ROWS, 5101)))
    alone = median(asked(tickets, others)[1] for _each in range(READS))
    over = Event()
    answers: Counter[int] = Counter()

    def send() -> None:
        while not over.is_set():
            status, _seconds = asked(f"{tickets}upload/?dry_run=1", at, body)
            answers[status] += 1
            over.wait(1 if status == 503 else 0)  # half as long as it is told to

    with ThreadPoolExecutor(8) as senders:
        for _each in range(8):
            senders.submit(send)
        beside = [asked(tickets, others) for _each in range(READS)]
        over.set()
    ratio = median(each[1] for each in beside) / alone
    print(f"\neight at once: others wait {ratio:.2f} times as long; {dict(answers)}")  # noqa: T201 - a figure to read
    assert {status for status, _seconds in beside} == {200}
    assert answers.keys() == {422, 503}  # read and refused, or told to come again
    assert ratio <= MOST_BESIDE
