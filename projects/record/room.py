"""Declares to the house what the record itself compares."""

from projects.house.rooms import Room, register
from projects.record.anchors import wrong_anchors
from projects.record.journal import wrong_rows

ROOM = register(Room(label="record", audits=(wrong_rows, wrong_anchors)))
