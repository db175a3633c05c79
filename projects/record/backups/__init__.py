"""Backups: the database and the keys in one archive, and the way back into an empty database."""
