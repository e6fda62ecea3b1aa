"""A quick hash for tests: what is tested is who may sign in, not how slow Argon2 is."""

import pytest


@pytest.fixture(autouse=True)
def quick_hashing(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("DOUDI_PASSWORDS", "dengbao")
    monkeypatch.setenv("DOUDI_SECOND_FACTOR", "none")
