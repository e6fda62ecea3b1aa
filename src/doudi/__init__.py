"""Doudi (兜底): the law of medical assistance as data, settled exactly to the fen."""

__version__ = "0.1.0"
