"""Reports fit for a meeting: what an amendment changes and does, and what checking a policy has found."""
