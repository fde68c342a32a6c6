"""Checking a letter, for anybody: by the code printed on it, and by its file. No sign-in, no names."""

from __future__ import annotations

from typing import Any

from allauth.core.internal import ratelimit  # its public door never counts reading
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.clock import now
from cases.formats import day_and_time
from cases.letters.verification import LARGEST
from cases.selectors.letter_check import check_file, letter_by_token, public_letter

#: Whose clock the page shows; it belongs to no institution.
ZONE = "Asia/Jakarta"
#: How often one address on the network may look, and have a file compared.
RATES = {"look": "60/m/ip", "file": "10/m/ip"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str = "") -> HttpResponse:
    """The letter behind ``token`` (none: any letter), and the verdict on a file sent along.

    A token that does not exist and one that cannot exist are answered alike.
    """
    posted = request.method == "POST"
    action = "file" if posted else "look"
    if not ratelimit.consume(request, app="letters", action=action, config=RATES, limit_get=True):
        return render(request, "errors/429.html", status=429)
    letter = letter_by_token(token) if token else None
    context: dict[str, Any] = {"token": token, "megabytes": LARGEST // 1024 // 1024}
    status = 200
    if token and letter is None:
        status, context["unknown"] = 404, True
    elif posted:
        file = request.FILES.get("file")
        if file is None:
            status, context["file_error"] = 422, _("Choose the PDF first.")
        elif (file.size or 0) > LARGEST:
            status, context["file_error"] = 413, _("The file is larger than any letter.")
        else:
            context["check"], letter = check_file(file.read(), letter)
    if letter is not None:
        context["letter"] = public_letter(letter, checked=day_and_time(now(), ZONE))
    response = render(request, "public/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
