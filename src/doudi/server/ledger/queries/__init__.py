"""Reads of ledger."""
