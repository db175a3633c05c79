"""One reading of what people type, paste and upload, applied before every rule.

``one_line`` and ``prose`` give the form in which text is stored: signs that nobody sees are taken
out, digits and letters in full width become half width, and Chinese punctuation stays as it was
written. ``compact`` gives the form of codes and numbers. ``folding.py`` gives the form in which
texts are searched and compared. Which spelling becomes what is listed in ``docs/spellings.md``.
"""

import re
import unicodedata
from typing import Final

# What is not shown, by the standard's Default_Ignorable_Code_Point, with the control characters
# that are no white space, the Braille blank, and code points that are no characters.
INVISIBLE: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_WIDE: Final = "０-９Ａ-Ｚａ-ｚ．"
_HALF: Final = {
    wide: wide - 0xFEE0
    for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0E)
}
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹘ー"), "-")
_UNSEEN: Final = re.compile(f"[{INVISIBLE}]+")
# What Python calls printable, and is changed all the same.
_ODD: Final = re.compile(
    f"[{_WIDE}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_BREAK: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACE: Final = re.compile(r"[^\S\n]")
_BEFORE_BREAK: Final = re.compile(" +\n")
_DASHED: Final = re.compile("--+")


def is_blank(text: str) -> bool:
    """Whether nobody would see that there is something."""
    return not text[:1].isalnum() and not _UNSEEN.sub("", text).strip()


def one_line(text: str) -> str:
    """A title, a name or a reason: one line, its white space single spaces."""
    text = unicodedata.normalize("NFC", text)
    if _is_clean(text) and "  " not in text:
        return text
    return " ".join(_UNSEEN.sub("", text).translate(_HALF).split())


def prose(text: str) -> str:
    """A text of several lines: every line break is a line feed, other white space a space."""
    text = unicodedata.normalize("NFC", text)
    if _is_clean(text):
        return text
    text = _SPACE.sub(" ", _BREAK.sub("\n", _UNSEEN.sub("", text).translate(_HALF)))
    return _BEFORE_BREAK.sub("\n", text).strip()


def _is_clean(text: str) -> bool:
    """Whether it is printed as it is, with a space at neither end; said of most texts, quickly."""
    is_plain = text.isprintable() and text == text.strip()
    return is_plain and (text.isascii() or _ODD.search(text) is None)


def plain(text: str) -> str:
    """What stands for a code or a number: half width, with plain hyphens, nothing unseen."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).translate(_DASHES)


def compact(text: str) -> str:
    """A code or a number in one piece: plain, in capitals, without white space."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _DASHED.sub("-", "".join(plain(text).split())).upper()
