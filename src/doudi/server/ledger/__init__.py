"""会计账簿: accounts, posting templates, the journal. Knows nothing of medicine."""
