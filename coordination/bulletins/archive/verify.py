"""Checks an archived issue of the bulletin.

Call it by python3 verify.py, with another folder if it is not its own. It needs Python 3.8 or
newer and nothing else. Prints each thing that is wrong and ends with 1,
or prints one line and ends with 0.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Iterator  # noqa: UP035 - for Python 3.8

ORDER = (
    "issue", "seq", "verb", "from", "to", "officer", "by_system", "recorded_at", "is_internal",
    "payload", "text_digest", "previous_hash",
)  # fmt: skip


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode())


def wrong_manifest(folder: Path) -> Iterator[str]:
    wanted = json.loads((folder / "manifest.json").read_bytes())["sha256"]
    found = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes())
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"
    }  # fmt: skip
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield f"missing: {name}"
        elif name not in wanted:
            yield f"not in the manifest: {name}"
        elif wanted[name] != found[name]:
            yield f"altered: {name}"


def wrong_figures(figures: dict[str, Any]) -> Iterator[str]:
    for name, block in figures["blocks"].items():
        if digest(block["figures"]) != block["hash"]:
            yield f"figures of block {name} are not those of their hash"
    whole = {
        "series": figures["series"], "cut_off": figures["cut_off"],
        "blocks": {name: block["hash"] for name, block in figures["blocks"].items()},
    }  # fmt: skip
    if "start" in figures:  # of an extra issue; a weekly one begins seven days before its cut-off
        whole["start"] = figures["start"]
    if digest(whole) != figures["hash"]:
        yield "the figures' hash is not that of their blocks"


def wrong_events(events: list[dict[str, Any]]) -> Iterator[str]:
    before = ""
    for place, event in enumerate(events, 1):
        if event["seq"] != place or event["previous_hash"] != before:
            yield f"event {place} does not follow the one before"
        if digest([event[name] for name in ORDER]) != event["hash"]:
            yield f"event {place} was altered"
        before = event["hash"]


def wrong_supplements(supplements: dict[str, Any], events: list[dict[str, Any]]) -> Iterator[str]:
    """A supplement came after the signature: the event that counted it has its hash."""
    counted = {}
    for event in events:
        if event["verb"] == "supplement":
            counted.update(event["payload"]["blocks"])
    for name in sorted(counted.keys() | supplements.keys()):
        if name not in supplements:
            yield f"supplement {name} is missing"
        elif name not in counted:
            yield f"supplement {name} was counted by nobody"
        elif digest(supplements[name]["figures"]) != counted[name]:
            yield f"figures of supplement {name} are not those that were counted"
        elif supplements[name]["hash"] != counted[name]:
            yield f"the hash of supplement {name} is another"


def wrong_signature(
    folder: Path, figures: dict[str, Any], events: list[dict[str, Any]]
) -> Iterator[str]:
    signed = [event["payload"] for event in events if event["verb"] == "publish"]
    if len(signed) != 1:
        yield "it is not signed once"
        return
    if signed[0]["figures"] != figures["hash"]:
        yield "other figures were signed"
    if digest(json.loads((folder / "words.json").read_bytes())) != signed[0]["words"]:
        yield "other words were signed"
    for key, wanted in signed[0]["files"].items():
        path = folder / "files" / key / f"bulletin.{key.split('/')[0]}"
        if not path.is_file() or sha256(path.read_bytes()) != wanted:
            yield f"another file was signed: {key}"


def main(folder: Path) -> int:
    figures = json.loads((folder / "figures.json").read_bytes())
    events = json.loads((folder / "events.json").read_bytes())
    supplements = json.loads((folder / "supplements.json").read_bytes())
    wrong = [
        *wrong_manifest(folder), *wrong_figures(figures), *wrong_events(events),
        *wrong_supplements(supplements, events), *wrong_signature(folder, figures, events),
    ]  # fmt: skip
    for each in wrong:
        print(each)  # noqa: T201 - its result
    if not wrong:
        last = next(event for event in events if event["verb"] == "publish")["payload"]
        number = f"No. {last['number']} ({last['total']} in all)"
        if figures["series"] == "extra":
            number = f"extra issue No. {last['number']} of {last['year']}"
        said = (
            f"All is as it was signed: {number},"
            f" {last['day']}, by {last['signer']}. Compare with the paper: {figures['hash'][:16]}"
        )
        print(said)  # noqa: T201 - its result
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
