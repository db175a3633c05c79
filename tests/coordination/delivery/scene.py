"""An officer with channels, and something to say on them."""

from coordination.delivery.announce import Message, announce
from coordination.delivery.channels import open_destination
from coordination.delivery.models import Destination
from coordination.staff.models import Officer
from projects.house.rooms import Room, Topic, register
from projects.record.clock import change
from tests.coordination.delivery.receiver import Receiver
from tests.factories.coordination import director, officer

WEATHER = Topic("tests.weather", "天气")
TRAFFIC = Topic("tests.traffic", "交通")
register(Room(label="tests", topics=(WEATHER, TRAFFIC)))


def robot(
    at: Receiver,
    path: str = "/robot",
    *,
    channel: str = "wecom",
    secret: str = "",
    topics: tuple[str, ...] = (),
    of: Officer | None = None,
    at_any_hour: bool = True,  # tests run at night too
) -> Destination:
    """A robot's channel of an officer, leading to the receiver."""
    return open_destination(
        name=path, channel=channel, address=at.address(f"{path}?key=hush-hush"), secret=secret,
        officer=of or officer(), topics=topics, at_any_hour=at_any_hour, by=director(),
    )  # fmt: skip


def say(text: str, *to: Officer | None, key: str = "", about: object = WEATHER) -> None:
    """Tell these officers."""
    message = Message(
        topic=about,  # type: ignore[arg-type]  # a topic of the tests' own, in plain words
        title="标题", text=text, link="/admin/", order_key=key,
    )  # fmt: skip
    with change() as at:
        announce(message, officers=[each.pk for each in to if each], at=at)
