"""Django's test client signed in as an account of a role, through the door like everybody."""

from itertools import count

from django.test import Client

from doudi.server.access.models import User
from doudi.server.access.roles import Role
from doudi.server.kernel import clock
from doudi.server.kernel.scope import NOTHING, scoped
from support import actors

_logins = count(1)


def client_of(
    role: Role, *, code: int = actors.LIUZHI, facility: int = actors.LIUZHI_HOSPITAL, language: str = "zh"
) -> Client:
    """A client whose session acts in `role` at the region or facility. Uses the real clock."""
    login = f"desk{next(_logins)}"
    actors.account(login, role, code=code, facility=facility, password=actors.PASSWORD)
    with scoped(NOTHING):  # the account was made at the tests' fixed time; its password must not be old today
        User.objects.filter(login=login).update(password_changed_at=clock.now())
    client = Client()
    answer = client.post("/sign-in/", {"login": login, "password": actors.PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    client.cookies["language"] = language
    return client
