"""What Django says of accounts and passwords, for which ``locale/`` has words of our own."""

from typing import Final

from django.utils.translation import gettext_noop as _

DJANGO_STRINGS: Final = (
    _(
        "Designates whether this user should be treated as active. "
        "Unselect this instead of deleting accounts."
    ),
    _(
        "Please enter the correct %(username)s and password for a staff account. "
        "Note that both fields may be case-sensitive."
    ),
    _("The password is too similar to the %(verbose_name)s."),
    _("The two password fields didn’t match."),
    _("This password is too common."),
    _("This password is too short. It must contain at least %d character."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password must contain at least %(min_length)d character."),
)
