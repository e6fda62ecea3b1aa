"""The identity vault: persons, households, numbers, merge and split."""
