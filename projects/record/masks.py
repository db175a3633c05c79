"""Masked names and numbers, for readers who need not know the person: ``张**``, ``138****8000``.

One recogniser finds mobile and resident ID numbers in a text, however they are spelled. It masks
what is shown, cleans what a purge keeps, and refuses what would be shown outside.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from projects.record.text import compact, prose

_NOTHING: Final = "—"
_FEWEST: Final = 11  # digits of the shortest number that is recognised
_SHORTEST_SHOWN: Final = 8  # digits; a shorter phone number is hidden as a whole
_SHORTEST_NAME: Final = 2  # characters; one alone is a part of too many words
# What people put between the groups of a number, and what may not stand beside one.
_BETWEEN: Final = r"[\s\-‐‑‒–—―−.·•・_/()（）]{1,3}"
_BEGINS: Final = r"(?<![0-9A-Za-z])"
_ENDS: Final = r"(?![0-9A-Za-z])"
# Eleven digits in groups of three and more, or one by one.
_MOBILE: Final = re.compile(
    rf"{_BEGINS}(?:(?:\+|00)?86{_BETWEEN}|(?:\+|00)?86|0)?"
    rf"(1[3-9]\d(?:(?:{_BETWEEN}(?=\d{{3}}))?\d){{8}}|1{_BETWEEN}[3-9](?:{_BETWEEN}\d){{9}}){_ENDS}"
)
_ID_NUMBER: Final = re.compile(
    rf"{_BEGINS}[1-9](?:(?:{_BETWEEN})?\d){{16}}(?:{_BETWEEN})?[0-9Xx]{_ENDS}"
)
# As many digits alone, whatever letters stand beside them.
_ALONE: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|[1-9]\d{16}[0-9Xx])(?!\d)")
_BORN: Final = re.compile(r".{6}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# Eleven digits after or before these words number a thing.
_OF_A_THING: Final = re.compile(
    r"(?:合同|协议|编|单|票|文|批|案|账|帐|户|卡|流水|项目|型|序|件|证|税|图|标|备案|登记|档案|箱|柜|车架|发动机)"
    r"(?:编?号码?|编码|代码)\s*[:：为是]?\s*$"
)
_NUMBERS_A_THING: Final = re.compile(r"\s*号(?![码机])")
_LONGEST_WORD: Final = 12
_OTHER_DIGIT: Final = re.compile(r"[^\D0-9]")


def mask_name(name: str) -> str:
    """Keep the first character, the family name."""
    return f"{name[:1]}**" if name else _NOTHING


def mask_phone(phone: str) -> str:
    """Keep the first three digits, or the area code, and the last four: ``0379-****3520``."""
    if not phone:
        return _NOTHING
    area, _hyphen, number = phone.partition("-")
    if number:
        return f"{area}-****{number.partition('-')[0][-4:]}"
    if len(phone) < _SHORTEST_SHOWN:
        return "****"
    return f"{phone[:3] if len(phone) == _FEWEST else ''}****{phone[-4:]}"


def mask_email(address: str) -> str:
    """Keep the first character and the domain: ``w**@example.com``."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}**@{domain}" if domain else _NOTHING


def mask_id_number(number: str) -> str:
    """Keep the six digits of the county and the last four."""
    return f"{number[:6]}********{number[-4:]}" if number else _NOTHING


def mask_numbers(words: str) -> str:
    """Mask the mobile and resident ID numbers in a text."""
    return _masked(_plain(words))


def mask_reference(reference: str) -> str:
    """Mask what may be such a number in a reference, beside letters too."""
    return _ALONE.sub(lambda found: mask_phone(found[0]), mask_numbers(reference))


def has_numbers(words: str) -> bool:
    """Whether there is a mobile or a resident ID number in the text."""
    if sum(map(str.isdecimal, words)) < _FEWEST:
        return False
    plain = _plain(words)
    return _masked(plain) != plain


def _plain(words: str) -> str:
    """The text with nothing unseen in it and plain digits."""
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), prose(words))


def _masked(words: str) -> str:
    return _MOBILE.sub(_masked_mobile, _ID_NUMBER.sub(_masked_id, words))


def _digits(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _masked_id(found: re.Match[str]) -> str:
    number = _digits(found[0])
    return mask_id_number(number) if _BORN.match(number) else found[0]


def _masked_mobile(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - _LONGEST_WORD) : found.start()]
    if _OF_A_THING.search(before) or _NUMBERS_A_THING.match(found.string, found.end()):
        return found[0]
    return mask_phone(_digits(found[1]))


def without(words: str, said: Iterable[str]) -> str:
    """Mask numbers, and these names and phones, in a text that is kept after a purge."""
    words = mask_numbers(words)
    for each in sorted(set(said), key=len, reverse=True):
        if len(each) >= _SHORTEST_NAME:
            words = _as_said(each).sub(_mask_of(each), words)
    return words


def _mask_of(said: str) -> str:
    return mask_phone(said) if any(map(str.isdigit, said)) else mask_name(said)


def _as_said(said: str) -> re.Pattern[str]:
    """The name or number as a text may have it: spaced, and no part of a longer word in letters."""
    signs = [re.escape(sign) for sign in compact(said) if sign.isalnum()]
    between = f"(?:{_BETWEEN})?"
    return re.compile(f"{_BEGINS}{between.join(signs)}{_ENDS}", re.IGNORECASE)
