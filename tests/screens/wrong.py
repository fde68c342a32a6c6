"""The portal's addresses, and one for each way something can go wrong, answered by what really answers it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from portal.errors import csrf_failure, page
from portal.urls import handler400, handler403, handler404, handler429, handler500
from portal.urls import urlpatterns as portal_addresses

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]


def wrong(request: HttpRequest, code: str) -> HttpResponse:
    """Fail as ``code`` says."""
    match code:
        case "400":
            raise SuspiciousOperation
        case "403":
            raise PermissionDenied
        case "403_csrf":
            return csrf_failure(request)
        case "404":
            raise Http404
        case "503":
            raise OperationalError("the database is away")
        case "500":
            raise RuntimeError("meant")
    return page(request, f"errors/{code}.html", int(code))


urlpatterns = [path("wrong/<slug:code>/", wrong, name="wrong"), *portal_addresses]
