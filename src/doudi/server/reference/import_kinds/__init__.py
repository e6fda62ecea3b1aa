"""The files of reference data that can be imported: catalogues, classes, first pay, price ceilings, codes, divisions."""

from __future__ import annotations

from doudi.server.imports.api import register_kind
from doudi.server.reference.import_kinds.codes import CLINICAL_CODES, REGIONS
from doudi.server.reference.import_kinds.items import ITEMS
from doudi.server.reference.import_kinds.rules_of_items import FIRST_PAY, ITEM_CLASSES, PRICE_CEILINGS

KINDS = (ITEMS, ITEM_CLASSES, FIRST_PAY, PRICE_CEILINGS, CLINICAL_CODES, REGIONS)


def register() -> None:
    """Make them known to imports."""
    for kind in KINDS:
        register_kind(kind)
