"""Reads of reference data. Everybody who works here may read it; nothing in it is about a person."""
