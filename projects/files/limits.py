"""How much may be attached."""

from typing import Final

MEGABYTE: Final = 1024 * 1024
LARGEST_FILE: Final = 10 * MEGABYTE  # bytes: a scanned letter of thirty pages, a full photograph
MOST_FILES: Final = 20  # for one ticket: enough for a convoy's papers
MOST_OF_ALL: Final = 50 * MEGABYTE  # bytes for one ticket: they are in the database and its backups
MOST_AT_ONCE: Final = 5  # files that are sent together
MOST_OF_REQUEST: Final = 10 * MEGABYTE  # bytes of files that are sent together, in one request
PART: Final = 512 * 1024  # bytes of a file in one row, and in memory at a time
