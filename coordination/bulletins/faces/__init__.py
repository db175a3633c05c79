"""The formats of an issue; each is made of a ``Paper`` by one renderer."""
