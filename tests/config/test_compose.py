"""The containers run what `make up` runs."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from config import commands
from config.embedded import PROJECT
from config.servers import LOCALE

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


def test_each_container_runs_the_command_of_the_stack() -> None:
    ours = {"migrate": commands.MIGRATE, **commands.SERVICES}
    theirs = {
        name: tuple(service["command"])
        for name, service in COMPOSE["services"].items()
        if service.get("image") == "zhitongche"
    }
    assert theirs == ours


def test_the_image_starts_as_the_web_server() -> None:
    (command,) = re.findall(r"^CMD (.+)$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert tuple(yaml.safe_load(command)) == commands.SERVICES["web"]


def test_both_databases_are_made_alike() -> None:
    database = COMPOSE["services"]["db"]
    assert tuple(database["environment"]["POSTGRES_INITDB_ARGS"].split()) == LOCALE
    assert any(volume.startswith("./config/roles.sql:") for volume in database["volumes"])


def test_only_migrate_knows_the_owner() -> None:
    knowing = [
        name
        for name, service in COMPOSE["services"].items()
        if "DATABASE_OWNER_URL" in service.get("environment", {})
    ]
    assert knowing == ["migrate"]


def test_compose_accepts_the_file() -> None:
    if not shutil.which("docker") or _compose("version").returncode != 0:
        pytest.skip("docker compose is not installed")
    checked = _compose("config", "--quiet")
    assert checked.returncode == 0, checked.stderr


def _compose(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", "compose", *arguments],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
