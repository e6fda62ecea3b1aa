"""Writes of background jobs by those who ask for them. Access sits above the kernel and wraps these with its rules."""
