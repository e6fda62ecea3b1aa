"""The JSON doors: every operation and query, by its name, with the rule, the scope and the types it has anyway."""
