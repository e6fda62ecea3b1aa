"""Three years of bills for the demo county: drawn, decided by the law in force, loaded as they would have been posted.

Up to `ONE_BY_ONE` people the engine for one bill decides; above, the batch engine (the extra `batch`). Either way the
rows go in by COPY and the money through the ledger's own templates, so that the auditor finds nothing to say.
"""

from doudi.server.site.demo.years.loading import Years

__all__ = ["Years"]
