"""The writes of access, one file a verb or a family of verbs."""
