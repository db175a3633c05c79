"""The formats of an issue, each made of a ``Paper`` by one renderer."""
