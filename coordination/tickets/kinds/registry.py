"""Every kind of ticket there is. A new kind is its own file and one line here."""

from typing import Any, Final

from django.utils.functional import Promise

from coordination.tickets.kinds import (
    epidemic_control,
    goods_transport,
    material_supply,
    vehicle_pass,
    worker_return,
)
from coordination.tickets.kinds.base import Kind

KINDS: Final[dict[str, Kind[Any]]] = {
    kind.name: kind
    for kind in (
        vehicle_pass.KIND,
        worker_return.KIND,
        material_supply.KIND,
        goods_transport.KIND,
        epidemic_control.KIND,
    )
}


def kind_choices() -> list[tuple[str, Promise]]:
    """The kinds for a field's choices; called, so that a new kind needs no migration of them."""
    return [(kind.name, kind.label) for kind in KINDS.values()]
