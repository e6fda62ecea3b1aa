"""A policy as a page to read: payers from left to right, tables by level, who gets what, sources, assumptions, gaps."""
