"""Django for the pages; kopilka.api.asgi mounts it beside the API."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")

application = get_wsgi_application()
