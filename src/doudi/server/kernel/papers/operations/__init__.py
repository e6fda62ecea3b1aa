"""Writes of stored papers, inside the transaction of whoever keeps them."""
