"""Office files are ZIP archives; these have the same bytes whenever they are made."""

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def undated(archive: bytes) -> bytes:
    """The archive with the earliest date that a ZIP can have on each of its files."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(archive)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            dated = ZipInfo(info.filename)  # 1 January 1980
            dated.compress_type = ZIP_DEFLATED
            new.writestr(dated, old.read(info))
    return stream.getvalue()
