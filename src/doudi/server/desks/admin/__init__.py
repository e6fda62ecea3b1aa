"""Accounts, roles and reviews, for the three administrators and supervisors."""
