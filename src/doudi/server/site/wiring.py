"""What joins the apps: each app's rules are registered here, and ports that loops would need."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from doudi.server.access.api import actor_of_job, home_of, join_places, register
from doudi.server.audit.api import join_home
from doudi.server.kernel.jobs import set_actor_builder


def join() -> None:
    """Register the rules of every app of ours that has some, and load the doors their rules name."""
    for app in settings.INSTALLED_APPS:
        if not app.startswith("doudi.server."):
            continue
        if find_spec(f"{app}.rules") is not None:
            register(getattr(import_module(f"{app}.rules"), "RULES", ()))
        if find_spec(f"{app}.api") is not None:
            import_module(f"{app}.api")
    from doudi.server.entitlement.api import join_used  # when all apps are loaded
    from doudi.server.reference.api import KnownPlaces
    from doudi.server.settlement.api import used_of

    join_used(used_of)
    join_places(KnownPlaces())
    join_home(home_of)
    set_actor_builder(actor_of_job)
