"""Background work: claimed for a lease, taken over once where a worker died, fenced against the dead coming back."""
