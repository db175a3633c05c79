"""By which values a room speaks for itself; the house reads them and names no room.

Plain dataclasses and registries: nothing here knows a room, a table or an edge.
"""
