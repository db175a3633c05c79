"""The key that the demonstration prints: issued once, kept in a file of its owner's alone.

Only a key's hash is in the database, so whoever wants to show the token again must keep it. It is
kept, rather than issued anew at each start, so that a line copied yesterday still works and old
keys do not pile up.
"""

import os
from pathlib import Path

from coordination.demo.catalogue import NAMED
from coordination.demo.companies import HELPED
from coordination.demo.people import CENTRE_LOGINS
from coordination.groups.queries import answering, assignment_of, members_of
from coordination.staff.models import Officer, Role
from projects.access.keys import issue_key
from projects.access.models import ApiKey
from projects.record.clock import now
from projects.register.models import Enterprise, Project

FILE_NAME = "demo-key"
KEY_NAME = "演示"


def project_code() -> str:
    """The code of the project for which the printed line files its ticket."""
    place = [each.name for each in NAMED].index(HELPED) + 1
    return f"LY2020-{place:03d}"


def logins() -> list[tuple[str, str]]:
    """One officer per role; the lead and the liaison are those whom the printed ticket reaches."""
    at = now()
    assignment = assignment_of(Project.objects.get(code=project_code()), at)
    if assignment is None:
        return list(CENTRE_LOGINS)
    lead = members_of(assignment.group, at).filter(role=Role.GROUP_LEAD).first()
    reached = [(lead, "组长"), (answering(assignment, at), "联络员")]
    serving = [(officer.username, title) for officer, title in reached if officer is not None]
    return [*CENTRE_LOGINS[:2], *serving, *CENTRE_LOGINS[2:]]


def read_token(home: Path) -> str:
    """The token that was kept, or nothing."""
    path = home / FILE_NAME
    return path.read_text().strip() if path.exists() else ""


def _still_opens(token: str) -> bool:
    key = ApiKey.objects.filter(key_id=token.partition(".")[0], revoked_at=None).first()
    return key is not None and (key.expires_at is None or key.expires_at > now())


def _keep(home: Path, token: str) -> None:
    path = home / FILE_NAME
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{token}\n")
    draft.replace(path)


def keep_token(home: Path) -> None:
    """See that the file holds a token that opens this database; issue a key where it does not."""
    if _still_opens(read_token(home)):
        return
    owner = Enterprise.objects.get(
        participations__project=Project.objects.get(code=project_code()), name=HELPED
    )
    desk = Officer.objects.get(username="dutydesk")
    _key, token = issue_key(enterprise=owner, name=KEY_NAME, by=desk)
    _keep(home, token)
