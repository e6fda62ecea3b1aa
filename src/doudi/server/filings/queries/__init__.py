"""Reads of filings: of persons, and of many."""
