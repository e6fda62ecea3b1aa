"""Writes of ledger, one file a verb."""
