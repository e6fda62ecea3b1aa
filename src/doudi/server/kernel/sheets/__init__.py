"""Sheets: reading what offices send (Excel, CSV) without trusting it, and writing lists that can be trusted."""
