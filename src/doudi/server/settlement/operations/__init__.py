"""Writes of settlement, one file a verb."""
