"""A link of a read-only field, where the reader may open the page to which it leads."""

import re
from typing import Any, Final

from django import template
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# As the theme writes a link to the row of a foreign key.
_LINK: Final = re.compile(r'<a href="/admin/(\w+)/(\w+)/[^"/]+/change/"')


@register.filter
def reachable_by(contents: Any, reader: Any) -> Any:
    """The field's contents; without a link to the page of a row that he may not see."""
    found = _LINK.match(contents) if isinstance(contents, SafeString) else None
    if found is None or reader.has_perm(f"{found[1]}.view_{found[2]}"):
        return contents
    return mark_safe(strip_tags(contents))  # noqa: S308 - it was escaped before
