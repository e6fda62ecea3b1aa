"""Whether it lives and is ready: for whoever watches, without an account, and without a word about the rest."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from doudi.server.site import health


@pytest.fixture
def unknown(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)


def ready():
    answer = Client().get("/health/ready")
    return answer.status_code, json.loads(answer.content)


def test_it_lives_without_a_database():
    assert Client().get("/health/live").json() == {"live": True}


@pytest.mark.django_db
def test_ready_as_the_runtime_role(unknown):
    status, said = ready()
    assert (status, said["ready"], said["database"], said["migrations"]) == (200, True, True, True)


@pytest.mark.django_db
def test_not_ready_before_all_migrations_are_applied(unknown, monkeypatch):
    monkeypatch.setattr(health, "migrated", lambda: False)
    assert ready() == (503, {"ready": False, "database": True, "migrations": False, "worker": False})


@pytest.mark.django_db
def test_not_ready_without_the_database(unknown, monkeypatch):
    def away():
        raise OperationalError("connection to 10.0.0.1 failed for user doudi")

    monkeypatch.setattr(health.connection, "ensure_connection", away)
    monkeypatch.setattr(health.connection, "close", lambda: None)
    status, said = ready()
    assert (status, set(said.values())) == (503, {False})
