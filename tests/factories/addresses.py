"""The admin's pages by the name of a model, whichever room it is in."""

from functools import cache
from typing import Any

from django.apps import apps
from django.urls import reverse


@cache
def label_of(model: str) -> str:
    """The room of a model that is named in small letters."""
    (found,) = [each for each in apps.get_models() if each._meta.model_name == model]
    return found._meta.app_label


def admin_page(model: str, page: str = "changelist", *args: Any) -> str:
    """The address of one of the model's pages."""
    return reverse(f"admin:{label_of(model)}_{model}_{page}", args=args)


def our_models() -> list[Any]:
    """Every model of ours."""
    return [
        each
        for each in apps.get_models()
        if each.__module__.startswith(("projects.", "coordination."))
    ]
