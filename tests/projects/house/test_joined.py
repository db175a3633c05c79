"""Static files that are joined, and the tags in whose place the joined file stands."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.forms import Media, Script

from projects.house.joined import JoinedFinder, joined_content
from projects.house.templatetags.joined import joined


def test_a_joined_file_is_its_parts_in_their_order(settings: Any, tmp_path: Path) -> None:
    settings.JOINED_ROOT = tmp_path
    settings.JOINED = {"a/both.js": ("house/cards.js", "house/paper.js")}
    parts = [Path(str(finders.find(name))).read_bytes() for name in settings.JOINED["a/both.js"]]
    finder = JoinedFinder()
    assert finder.find("a/other.js") == []
    assert finder.find("a/both.js", find_all=True) == [str(tmp_path / "a/both.js")]
    assert (tmp_path / "a/both.js").read_bytes() == b"\n;\n".join(parts)
    (tmp_path / "a/both.js").write_text("old")
    assert [name for name, _storage in finder.list(None)] == ["a/both.js"]
    assert [each.name for each in (tmp_path / "a").iterdir()] == ["both.js"]
    assert (tmp_path / "a/both.js").read_bytes() == joined_content("a/both.js")
    settings.JOINED = {"a/both.js": ("house/none.js",)}
    with pytest.raises(ImproperlyConfigured, match=r"house/none\.js"):
        finder.find("a/both.js")


def test_the_framework_s_scripts_are_one_and_others_keep_their_tags(settings: Any) -> None:
    own: Any = Script("register/suggest.js", defer=True)
    framework = ("admin/js/core.js", "admin/js/urlify.js", "admin/js/actions.js")
    assert joined(Media(js=[*framework, own])).splitlines() == [
        '<script src="/static/house/forms.js" defer></script>',
        '<script src="/static/register/suggest.js" defer></script>',
    ]
    assert "forms.js" not in joined(Media(js=[own]))
    names = settings.JOINED["house/forms.js"]
    assert all(finders.find(name) for name in names)
    shown = filter(admin.site.is_registered, apps.get_models())
    filled = [each for each in shown if admin.site.get_model_admin(each).prepopulated_fields]
    assert filled == []  # their scripts are left out
