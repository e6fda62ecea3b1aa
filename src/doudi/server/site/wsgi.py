"""The WSGI application that `doudi serve` runs, one thread a worker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.server.site.settings")
application = get_wsgi_application()
