"""A field's validators as one question: whether none of them would say anything of a value."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator

type Holds = Callable[[Any], bool]


def none_objects(validators: Iterable[Any], *refusing: type[Exception]) -> Holds:
    """Whether a value passes them all; ``refusing`` is what they raise beside Django's own."""
    given = list(validators)
    limits = [each for each in given if type(each) is MaxLengthValidator]
    most = min((int(each.limit_value) for each in limits), default=None)
    others = [_held_by(each, (ValidationError, *refusing))
              for each in given if type(each) is not MaxLengthValidator]  # fmt: skip
    if most is not None:
        others.insert(0, lambda value: len(value) <= most)
    return _all(others)


def _all(questions: Sequence[Holds]) -> Holds:
    """Most fields have one question or two."""
    if not questions:
        return lambda _value: True
    first, *others = questions
    if not others:
        return first
    rest = _all(others)
    return lambda value: first(value) and rest(value)


def _held_by(validator: Any, refusing: tuple[type[Exception], ...]) -> Holds:
    if type(validator) is RegexValidator and not validator.inverse_match:
        regex: Any = validator.regex  # compiled, behind a proxy that each look would pay for
        search = re.compile(regex.pattern, regex.flags).search
        return lambda value: search(str(value)) is not None

    def holds(value: Any) -> bool:
        try:
            validator(value)
        except refusing:
            return False
        return True

    return holds
