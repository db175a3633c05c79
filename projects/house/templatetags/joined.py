"""Scripts of the framework's forms, as one file."""

from typing import Final

from django import template
from django.conf import settings
from django.forms import Media
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FORMS: Final = "house/forms.js"
# For admins with ``prepopulated_fields`` alone, of which there are none.
UNUSED: Final = (
    "admin/js/vendor/xregexp/xregexp.min.js", "admin/js/urlify.js", "admin/js/prepopulate.js",
)  # fmt: skip


@register.filter
def joined(media: Media | str) -> SafeString:
    """Return the tags of ``media``, with FORMS in place of the files that are joined in it."""
    tags = str(media).splitlines()
    parts = [static(part) for part in settings.JOINED[FORMS]]
    left_out = [*parts, *map(static, UNUSED)]
    kept = [tag for tag in tags if not any(f'"{address}"' in tag for address in left_out)]
    if any(f'"{address}"' in tag for tag in tags for address in parts):
        kept.insert(0, format_html('<script src="{}" defer></script>', static(FORMS)))
    return mark_safe("\n".join(kept))  # noqa: S308  # each is a tag of Django's own
