"""E-mail, through Django's own back end."""

import smtplib
from email.utils import formatdate
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_noop

from coordination.delivery.deadline_executor import DeadlineExecutor
from coordination.delivery.enclosures import extra_seconds
from coordination.delivery.senders.base import Parcel, Result

# Seconds for a whole mail; its files are given more. EMAIL_TIMEOUT limits each of some ten
# steps. A mail that is still being handed over then is waited for by its retry and not sent twice;
# after a restart of the relay the retry has at least the same Message-ID.
DEADLINE: Final = 30.0
NOT_AS_NAMED: Final = gettext_noop("an enclosed file is not as it was when it was sent off")
_HANDED_OVER: Final = DeadlineExecutor("mail", most=8, keeps_late=True)


def send_mail(parcel: Parcel, secrets: dict[str, str]) -> Result:
    """Send a plain mail; its Message-ID is the delivery's, so that a copy can be recognized.

    A file that is not as the outbox names it is never sent: the attempt fails.
    """
    if not all(each.is_as_named for each in parcel.files):
        return Result(is_success=False, detail=NOT_AS_NAMED)
    payload = parcel.payload
    longer = extra_seconds(len(each.content or b"") for each in parcel.files)
    lines = [str(payload.get(name, "")) for name in ("text", "url")]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMessage(
        subject=" ".join(str(payload.get("title", "")).split()),
        body="\n\n".join(line for line in lines if line) + "\n",
        to=[secrets["address"]],
        headers={
            "Message-ID": f"<{parcel.message_id}@{domain}>",
            "Date": formatdate(localtime=True),
            "Auto-Submitted": "auto-generated",
        },
        attachments=[(each.name, each.content or b"", each.media_type) for each in parcel.files],
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT + longer),
    )
    try:
        _HANDED_OVER.run(parcel.message_id, message.send, deadline=DEADLINE + longer)
    except smtplib.SMTPResponseException as error:
        return Result(is_success=False, detail="SMTP", status=error.smtp_code)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        return Result(is_success=False, detail="SMTP", status=codes[0] if codes else None)
    except (OSError, smtplib.SMTPException) as error:
        return Result(is_success=False, detail=type(error).__name__)
    return Result(is_success=True)
