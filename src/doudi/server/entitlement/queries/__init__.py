"""Reads of entitlement: the card, policies in force, opening balances."""
