"""Checks of what a policy means, by subject."""
