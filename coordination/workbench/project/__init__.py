"""A project on one screen: its state, who serves it, its last report, and what blocks it."""
