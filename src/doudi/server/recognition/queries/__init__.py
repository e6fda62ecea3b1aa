"""Reads of recognitions: of persons, and of many."""
