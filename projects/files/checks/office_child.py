"""Checks a document of Office, or says what an old one is: see ``check``."""

from projects.files.checks.compound import why_not_compound
from projects.files.checks.office import check_office
from projects.files.file_types import FileType
from projects.files.sandbox.child import CannotReadError, serve
from projects.record.refusals import Invalid


def check(content: bytes, *, file_type: str) -> bool:
    """Raise CannotReadError with the reason why it may not be attached.

    ``file_type`` is that of ``FileType``; without one it is a compound file, which never may.
    """
    if not file_type:
        raise CannotReadError(why_not_compound(content))
    try:
        check_office(FileType(file_type), content)
    except Invalid as refused:
        raise CannotReadError(refused.errors[0].code) from refused
    return True


if __name__ == "__main__":
    serve(check)
