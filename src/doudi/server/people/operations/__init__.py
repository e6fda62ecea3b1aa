"""The writes of the vault, one file a verb."""
