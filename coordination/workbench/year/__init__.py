"""The working calendar: its months, days clicked in them, and a year pasted from its notice."""
