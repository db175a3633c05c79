"""What the libraries say of a value, for which ``locale/`` has words that a clerk knows."""

from typing import Final

from django.utils.translation import gettext_noop as _

DJANGO_STRINGS: Final = (
    _("Ensure this value has at most %(limit_value)d character (it has %(show_value)d)."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Ensure that there are no more than %(max)s digit in total."),
    _("Ensure that there are no more than %(max)s decimal place."),
    _("Ensure that there are no more than %(max)s digit before the decimal point."),
    _("Null characters are not allowed."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("This field cannot be blank."),
    _("This field cannot be null."),
    _("Value %(value)r is not a valid choice."),
)
REST_FRAMEWORK_STRINGS: Final = (
    _("Ensure that there are no more than {max_decimal_places} decimal places."),
    _("Ensure that there are no more than {max_digits} digits in total."),
    _("Ensure that there are no more than {max_whole_digits} digits before the decimal point."),
    _("Ensure this field has no more than {max_length} characters."),
    _("Ensure this value is greater than or equal to {min_value}."),
    _("Ensure this value is less than or equal to {max_value}."),
    _("Not a valid string."),
    _("This field may not be blank."),
    _("This field may not be null."),
)
