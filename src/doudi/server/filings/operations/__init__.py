"""Writes of filings: file, withdraw; and the same reaching further back, with four eyes."""
