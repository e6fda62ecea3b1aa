"""Migrations of recognition."""
