"""The door for a web server. Refuses to open when production is not safe to run."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402

from portal.production import refuse_unsafe  # noqa: E402  (settings exist only from here on)
from portal.settled import settle  # noqa: E402

refuse_unsafe()
get_resolver().url_patterns  # noqa: B018  (loads every view now instead of at the first request)
settle()
