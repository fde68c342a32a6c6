"""Every address of the project. Each view needs a line in ``portal/permissions.py``."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal.health import health
from portal.views_kit import kit, set_theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("theme/", set_theme, name="set_theme"),
    path("components/", kit, name="components"),
    path("admin/", admin.site.urls),
]

for prefix, module in (("accounts/", "accounts.urls"), ("", "cases.urls")):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
