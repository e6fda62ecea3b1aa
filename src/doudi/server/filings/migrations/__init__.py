"""Migrations of filings."""
