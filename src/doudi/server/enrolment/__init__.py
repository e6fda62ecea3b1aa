"""参保: who is insured under which scheme, in which region and year."""
