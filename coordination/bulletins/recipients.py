"""Who is sent the bulletin: verbs that add and change them, and what each may be sent."""

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from coordination.bulletins.models import Language, Recipient
from coordination.bulletins.models.recipient import AUDIENCES, ENCLOSED_FORMATS
from coordination.delivery.outside import Outsider, send_only_to
from coordination.delivery.own_mail import is_own_address
from coordination.staff.models import Officer
from projects.house.blocks import Audience
from projects.record.acts import ADDED, CHANGED, record_act
from projects.record.clock import change
from projects.record.finding import get_or_missing
from projects.record.refusals import Checker, NotAllowed
from projects.record.text import one_line

_FORMATS: Final = [kind for kind, _label in ENCLOSED_FORMATS]
_LONGEST_NAME: Final = 60


def audience_of(recipient: Recipient) -> Audience:
    """What the recipient is sent: an address outside is never sent the staff's own edition."""
    is_staff = recipient.audience == Audience.STAFF and is_own_address(recipient.email)
    return Audience.STAFF if is_staff else Audience.ALL


def outsider_of(recipient: Recipient) -> Outsider:
    """The recipient as the outbox addresses him."""
    return Outsider(recipient.outside_name, recipient.name, recipient.email)


def add_recipient(
    *, name: str, email: str, language: str = Language.CHINESE, formats: Sequence[str],
    audience: str = Audience.ALL, by: Officer,
) -> Recipient:  # fmt: skip
    """Add somebody to whom every issue is sent. Raises NotAllowed, or Invalid by the field."""
    _require_centre(by, "add")
    with change():
        row = Recipient(language=language, audience=audience)
        _fill(row, name, email, formats)
        row.save(force_insert=True)
        record_act(ADDED, about=row, changes=_differences({}, _values(row)), by=by)
        return row


def change_recipient(
    *, recipient: Recipient, name: str, email: str, language: str, formats: Sequence[str],
    audience: str, is_active: bool, by: Officer,
) -> Recipient:  # fmt: skip
    """Change it. What waits for an address that is sent no more is given up.

    Raises NotAllowed, or Invalid by the field.
    """
    _require_centre(by, "change")
    with change() as at:
        row = get_or_missing(Recipient.objects.select_for_update(), pk=recipient.pk)
        before = _values(row)
        row.language, row.audience, row.is_active = language, audience, is_active
        _fill(row, name, email, formats)
        row.save()
        after = _values(row)
        send_only_to(row.outside_names, outsider_of(row) if is_active else None, at)
        record_act(CHANGED, about=row, changes=_differences(before, after), by=by)
        return row


def _require_centre(by: Officer, action: str) -> None:
    if not by.has_perm(f"bulletins.{action}_recipient"):
        raise NotAllowed


def _values(row: Recipient) -> dict[str, object]:
    return {
        "name": row.name, "email": row.email, "language": row.language,
        "formats": ", ".join(row.formats), "audience": row.audience, "is_active": row.is_active,
    }  # fmt: skip


def _differences(
    before: dict[str, object], after: dict[str, object]
) -> dict[str, tuple[object, object]]:
    pairs = {name: (before.get(name), value) for name, value in after.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _fill(row: Recipient, name: str, email: str, formats: Sequence[str]) -> None:
    """Check what was typed and set it. Raises Invalid."""
    row.name, row.email = one_line(name), one_line(email)
    row.formats = [kind for kind in _FORMATS if kind in formats]
    check = Checker()
    check.require(0 < len(row.name) <= _LONGEST_NAME, "name", _("At most 60 characters."))
    is_mail = _is_email(row.email)
    check.require(is_mail, "email", _("Enter an e-mail address."))
    check.require(row.language in Language.values, "language", _("Unknown language."), "choice")
    is_known = bool(row.formats) and set(formats) <= set(_FORMATS)
    check.require(is_known, "formats", _("Choose at least one format."), "choice")
    is_audience = row.audience in {value for value, _label in AUDIENCES}
    check.require(is_audience, "audience", _("There is no such edition."), "choice")
    check.require(
        not is_mail or row.audience != Audience.STAFF or is_own_address(row.email), "audience",
        _("An address outside the centre is sent what is for everybody."), "outside",
    )  # fmt: skip
    same = Recipient.objects.annotate(folded=Lower("email")).filter(
        folded=row.email.lower(), language=row.language
    )
    check.require(
        not same.exclude(pk=row.pk).exists(), "email",
        _("This address is sent the bulletin in this language already."), "taken",
    )  # fmt: skip
    check.finish()


def _is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254  # noqa: PLR2004 - the longest that the standard allows
