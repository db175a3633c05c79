"""All that a page, a form or a problem says has its Chinese, and the Chinese is set as such."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from config.embedded import PROJECT

ROOMS = ("config", "projects", "coordination")
CALLS = (
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext",
    "pgettext_lazy", "npgettext",
)  # fmt: skip
KEYWORDS: dict[str, None] = dict.fromkeys(CALLS)
CALL = re.compile(r"""\b(p|n|np|)gettext\(((?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")[, ]*)+)""")
STRING = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
PLACE = re.compile(r"%\([a-z_.]+\)[sd]|%[sd]|\{[a-z_]*\}")
Said = tuple[str, str]  # context, message


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with (PROJECT / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def said_in_python(path: Path) -> Iterator[Said]:
    with path.open("rb") as file:
        for _line, call, words, _notes in extract_python(file, KEYWORDS, [], {}):
            given = [each for each in strings(words) if each]
            if given:  # else a variable, said elsewhere
                context = given.pop(0) if str(call).startswith(("pg", "np")) else ""
                yield context, given[0]


def said_in_template(path: Path) -> Iterator[Said]:
    for call in CALL.finditer(templatize(path.read_text(encoding="utf-8"))):
        given = [ast.literal_eval(each) for each in STRING.findall(call[2])]
        context = given.pop(0) if "p" in call[1] else ""
        yield context, given[0]


def everything_said() -> set[Said]:
    said: set[Said] = set()
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                said.update(said_in_python(path))
        for path in (PROJECT / room).rglob("*.html"):
            said.update(said_in_template(path))
    return said


def strings(message: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [message] if isinstance(message, str) else list(message or ())


def test_all_that_is_said_has_its_chinese(chinese: Catalog) -> None:
    said = everything_said()
    has = {(m.context or "", strings(m.id)[0]) for m in chinese if m.id and all(strings(m.string))}
    assert len(said) > 500
    assert said - has == set()
    assert has - said == set()  # nor is anything kept that nobody says any more


def test_the_chinese_fills_the_same_places(chinese: Catalog) -> None:
    for message in chinese:
        if message.id:
            assert not message.fuzzy, message.id
            asked = {place for each in strings(message.id) for place in PLACE.findall(each)}
            given = {place for each in strings(message.string) for place in PLACE.findall(each)}
            assert given == asked, message.id


def test_the_chinese_has_its_own_punctuation(chinese: Catalog) -> None:
    half = re.compile(r"[\u4e00-\u9fff][,;?!]|[\u4e00-\u9fff]:(?!\d)|\([^()%]*[\u4e00-\u9fff]")
    wrong = [each for message in chinese for each in strings(message.string) if half.search(each)]
    assert wrong == []


def test_tickets_and_items_are_counted_by_one_word_each(chinese: Catalog) -> None:
    """Tickets are counted by 起, their items by 项; a duplicate is 重复工单."""
    ending = r"(?=[，。；、（）]|$)"
    other = re.compile(
        rf"[件张条个笔]工单|工单[^，。；]*[}}\ds][件张条个笔]{ending}|重复件|[件张条个]明细"
    )
    wrong = [each for message in chinese for each in strings(message.string) if other.search(each)]
    assert wrong == []
