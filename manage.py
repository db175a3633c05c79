#!/usr/bin/env python
"""Every command of the project starts here."""

import os
import sys
import warnings
from pathlib import Path


def refuse(message: object) -> None:
    """One line that says what is wrong, and no traceback: whoever reads it sets an environment."""
    sys.stderr.write(f"{message}\n")
    raise SystemExit(2)


def check_settings() -> None:
    """Read the settings before Django does, whose own answer to bad ones is a long one."""
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
    except ImportError as error:
        refuse(f"{error.name} is not installed: run the project with make, or .venv/bin/python")
    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        refuse(f"The settings cannot be used. {error}")


def main() -> None:
    """Run the command that was asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    check_settings()
    # Writing a migration needs no database; Django would like to look into one all the same.
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration")
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        refuse(f"The database does not answer ({reason}). Does it run? `make up` starts it.")


if __name__ == "__main__":
    main()
