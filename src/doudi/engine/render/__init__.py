"""Explanations for people: from the answer's data (docs/settle-file.md) to text and to a page, without the engine."""
