"""The fixtures of the server, for all its tests. Loaded after pytest-django, to replace its own."""

pytest_plugins = ["support.server", "support.browser"]
