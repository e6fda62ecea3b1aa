"""Reads of enrolments: of persons, and of many."""
