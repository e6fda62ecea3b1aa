"""Applies the law: compiles a policy, settles bills one after the other, explains each fen."""
