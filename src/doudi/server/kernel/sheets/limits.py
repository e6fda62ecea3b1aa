"""How much a file may hold, as data. What is beyond is refused before it is read, or stops the reader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one reading. The largest county lists have some 200,000 rows of 32 columns: about 20 MB, 200 MB inside.

    All values are assumptions about honest files with room above them, not rules of a document.
    """

    file_bytes: int = 40 * 2**20
    entries: int = 1_000
    """Files inside a workbook."""
    unpacked_bytes: int = 500 * 2**20
    ratio: int = 150
    """Unpacked to packed, of the workbook as a whole; lists reach 15 to 40, bombs 1,000."""
    sheets: int = 60
    rows: int = 200_000
    columns: int = 200
    cell_characters: int = 32_767
    """Excel's own limit of a cell."""
    memory_bytes: int = 3 * 2**30
    """Address space of the reading program."""
    seconds: int = 60
    """Processor time of the reading program."""


LIMITS = Limits()
