"""The door for a web server. Refuses to open when production is not safe to run."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

from portal.production import refuse_unsafe  # noqa: E402  (settings exist only from here on)

refuse_unsafe()
