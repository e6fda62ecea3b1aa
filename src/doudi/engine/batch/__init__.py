"""Settles columns of bills: the same instructions, wrapped for arrays."""
