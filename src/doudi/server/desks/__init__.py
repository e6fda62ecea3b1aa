"""The screens, one folder a desk, and the JSON doors to the same operations."""
