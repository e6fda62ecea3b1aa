"""How long the file and the rows of an import are kept, as data. Undoing is possible as long.

Personal data is kept no longer than its purpose needs (个人信息保护法 第十九条). The article names no days; ours
are assumed: a quarter for what was imported, so that a mistake found at the quarter's end can still be taken back, and a
month for what never was. The list of what an import changed (numbers only) stays.
"""

from __future__ import annotations

from datetime import timedelta

KEPT = timedelta(days=92)
"""After the upload; after the import, counted anew from it."""
KEPT_IF_ABANDONED = timedelta(days=31)
"""After the upload, while nothing has been imported."""
REFUSED_FILE_KEPT = timedelta(days=7)
"""The file of refused rows: made again at any time while the import is kept."""
