"""The door of the ledger for other apps."""

from __future__ import annotations

from doudi.server.ledger.data import Amount, Posting
from doudi.server.ledger.operations.post import post
from doudi.server.ledger.operations.post_many import post_many
from doudi.server.ledger.templates import Template, register_template

__all__ = ["Amount", "Posting", "Template", "post", "post_many", "register_template"]
