"""The roster of people as a kind of import: its columns, how a row is read and judged. Writes are in operations."""
