"""What other parts of settlement want to hear before or after a bill changes. Lists of functions, filled at import.

Each gets who acts, when, and a version: before a reversal the current one, after a replacement the new one. It runs in
the transaction of the operation, and refuses by raising `Refused`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from doudi.server.kernel.actor import Actor
from doudi.server.settlement.models import Settlement

Listener = Callable[[Actor, datetime, Settlement], None]

BEFORE_REVERSAL: list[Listener] = []
"""Called with the current version, once the subjects are locked and before anything is written."""
AFTER_REPLACEMENT: list[Listener] = []
"""Called with the new version, after it is written."""
