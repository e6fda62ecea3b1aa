"""Migrations of entitlement."""
