"""Every address of the project. Each view needs a line in ``portal/permissions.py``."""

from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from portal.background import background, background_retry
from portal.health import health
from portal.help.views import help_page, set_keys
from portal.metrics import metrics
from portal.views_kit import kit, set_theme

admin.site.site_header = admin.site.site_title = _("Neutrality Portal")
admin.site.index_title = _("Accounts and reference data")

urlpatterns = [
    path("health/", health, name="health"),
    path("background/", background, name="background"),
    path("background/retry/", background_retry, name="background_retry"),
    path("metrics/", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("theme/", set_theme, name="set_theme"),
    path("komponen/", kit, name="components"),
    path("bantuan/", help_page, name="help"),
    path("bantuan/tombol/", set_keys, name="set_keys"),
    path("bantuan/<slug:topic>/", help_page, name="help_page"),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.allauth_urls")),
    path("", include("cases.urls")),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler429 = "portal.errors.too_many"
handler500 = "portal.errors.broken"
