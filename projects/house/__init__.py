"""Dataclasses and registries by which each room declares its parts; nothing here names a room."""
