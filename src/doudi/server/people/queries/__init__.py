"""The reads of the vault: always for a viewer, in their scope, masked, a page at a time."""
