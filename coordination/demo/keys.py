"""The key that the demonstration prints: issued once, stored in a file that only its owner reads.

The database has only a key's hash, so the token must be stored to be printed again. It is stored,
and not issued anew at each start, so that a command copied yesterday still works and old keys do
not accumulate.
"""

import os
from pathlib import Path

from coordination.demo.catalogue import NAMED
from coordination.demo.companies import HELPED
from coordination.demo.people import CENTRE_LOGINS
from coordination.groups.queries import assignment_of, members_of
from coordination.groups.queries_acting import answering
from coordination.staff.models import Officer, Role
from projects.access.keys import issue_key
from projects.access.models import ApiKey
from projects.record.clock import now
from projects.register.models import Enterprise, Project

FILE_NAME = "demo-key"
KEY_NAME = "演示"


def project_code() -> str:
    """The code of the project for which the printed command files a ticket."""
    place = [each.name for each in NAMED].index(HELPED) + 1
    return f"LY2020-{place:03d}"


def logins() -> list[tuple[str, str]]:
    """One officer per role; lead and liaison are those who get the printed command's ticket."""
    at = now()
    assignment = assignment_of(Project.objects.get(code=project_code()), at)
    if assignment is None:
        return list(CENTRE_LOGINS)
    lead = members_of(assignment.group, at).filter(role=Role.GROUP_LEAD).first()
    reached = [(lead, "组长"), (answering(assignment, at), "联络员")]
    serving = [(officer.username, title) for officer, title in reached if officer is not None]
    return [*CENTRE_LOGINS[:2], *serving, *CENTRE_LOGINS[2:]]


def read_token(home: Path) -> str:
    """The stored token; empty if there is none."""
    path = home / FILE_NAME
    return path.read_text().strip() if path.exists() else ""


def _is_valid(token: str) -> bool:
    key = ApiKey.objects.filter(key_id=token.partition(".")[0], revoked_at=None).first()
    return key is not None and (key.expires_at is None or key.expires_at > now())


def _store_token(home: Path, token: str) -> None:
    path = home / FILE_NAME
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{token}\n")
    draft.replace(path)


def keep_token(home: Path) -> None:
    """Ensure that the file holds a valid token of this database; issue a key if it does not."""
    if _is_valid(read_token(home)):
        return
    owner = Enterprise.objects.get(
        participations__project=Project.objects.get(code=project_code()), name=HELPED
    )
    desk = Officer.objects.get(username="dutydesk")
    _key, token = issue_key(enterprise=owner, name=KEY_NAME, by=desk)
    _store_token(home, token)
