"""Writes of entitlement, one file a verb."""
