"""Amounts and times that bound what is done about debts. Data: a county that decides otherwise changes them here.

No document at hand gives a number for any of these; each is assumed, with its reason.
"""

from __future__ import annotations

from doudi.money import Fen

WRITE_OFF_ALONE: Fen = 50_00
"""Below this a county officer writes a rest off alone; from it on an approver decides. Assumed: less costs more
to collect than it brings."""
WRITE_OFF_AT_MOST: Fen = 20_000_00
"""More than this of one bill is not written off here. Assumed: the county hospital's own board may go as far; more is a
matter of its owner."""
CASE_AT_MOST: Fen = 20_000_00
"""What a person may get in a benefit year from one fund by cases that no payer of the policy covers. Assumed: as much as
the policy of Rongjiang assumes for its last resort."""
INSTALMENTS_AT_MOST = 36
"""Parts of one agreement. Assumed: three years by the month."""
AGREED_FOR_DAYS = 3 * 366
"""How far ahead the last part may be due. Assumed: as above; a claim that nobody writes down lapses after three years
(Civil Code, article 188), which an agreement interrupts."""
PAPERS_AT_MOST = 10
PAPER_BYTES = 10 * 2**20
PAPER_TYPES = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
}
"""What a paper of a case may be, and how such a file begins."""
BUCKET_DAYS = (30, 90, 180)
"""Days overdue at which the next bucket begins. Assumed: by the month, the quarter, the half-year."""
