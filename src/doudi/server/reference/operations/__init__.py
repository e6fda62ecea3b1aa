"""Writes of reference data. Each raises the version, leaves an audit event, and never lets two times overlap."""
