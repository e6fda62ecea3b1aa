"""The county's filings for a person: every kind, filed and withdrawn."""

from __future__ import annotations

from doudi.server.desks.filings_forms import deeds, offered
from doudi.server.desks.forms import declare
from doudi.server.filings.api import KINDS

OFFERED = offered("county", tuple(KINDS))
declare(*deeds("county", "county/people/<int:number>/", "county.person", tuple(KINDS)))
