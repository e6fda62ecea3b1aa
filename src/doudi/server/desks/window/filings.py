"""What a facility files for a person it has opened: referral, accident, emergency; and withdraws, its own only."""

from __future__ import annotations

from doudi.server.desks.filings_forms import deeds, offered
from doudi.server.desks.forms import declare
from doudi.server.filings.api import KINDS

OWN = tuple(code for code, kind in KINDS.items() if kind.by_facility)
KEYS = dict(zip(OWN, ("F4", "F6", "F7"), strict=False))
"""The key that opens each form at the window."""
OFFERED = tuple((*one, KEYS.get(kind, "")) for kind, one in zip(OWN, offered("window", OWN), strict=True))
declare(*deeds("window", "window/person/<int:number>/", "window.person", OWN))
