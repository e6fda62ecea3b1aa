"""Imports of rosters and lists: upload, map, preview, apply, undo. Knows files and rows, not what they mean."""
