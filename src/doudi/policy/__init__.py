"""Reads the law: YAML files into typed policies, with their lines, sources and inheritance."""
