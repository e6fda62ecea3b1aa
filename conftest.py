"""The server's fixtures, for tests in `tests/` and beside each app. Loaded here, after pytest-django, to replace its own."""

pytest_plugins = ["support.server"]
