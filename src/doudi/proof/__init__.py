"""Tests the law: worked cases, their arithmetic, what they cover, and the gallery of published answers."""
