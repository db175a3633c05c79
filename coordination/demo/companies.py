"""The enterprises of the demonstration: made up, except one name. Uses no database."""

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
OWNERS: Final = 150
CONTRACTORS: Final = 30
HELPED: Final = "忠旺铝业"  # the city named it; its code here is made up like all the others
USCC_NOTE: Final = "演示数据，代码为示例"


def made_up_uscc(number: int) -> str:
    """A code of the right form and check digit (GB 32100); the letters EX mark it as made up."""
    body = f"91410300MAEX{number:05d}"
    total = sum(ALPHABET.index(each) * pow(3, index, 31) for index, each in enumerate(body))
    return body + ALPHABET[-total % 31]


def owners() -> list[str]:
    """The names of the owners, the one that was named first."""
    return [HELPED, *(f"示例建设单位{number:03d}" for number in range(1, OWNERS))]


def contractors() -> list[str]:
    """The names of the contractors."""
    return [f"示例施工企业{number:03d}" for number in range(1, CONTRACTORS + 1)]
