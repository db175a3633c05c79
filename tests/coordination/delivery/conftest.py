"""A receiver, and channels that lead to it."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from tests.coordination.delivery.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """On this machine, which the operator has named."""
    settings.OUTBOUND_NETWORKS = [ip_network("127.0.0.1/32")]
    settings.WEBHOOK_NETWORKS = settings.OUTBOUND_NETWORKS
    settings.ROBOT_HOSTS = ["127.0.0.1"]
    with receiving() as made:
        yield made
