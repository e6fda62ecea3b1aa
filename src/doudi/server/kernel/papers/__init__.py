"""Stored papers: files that were uploaded or made, sealed in the database, inside the scope of a region."""
