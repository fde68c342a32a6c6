"""Confirming again who sits there, before what cannot be taken back.

The permission map marks views whose every POST needs it (``confirmed``); a view that needs it only sometimes asks
``recently_authenticated`` and returns ``ask_again``. The person confirms with password or second factor and comes back
to a page that holds what was typed, ready to be sent with one button.
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from accounts.sealing import seal, unseal

#: Session key of what was typed when the confirmation was asked for: sealed JSON.
KEPT = "kept_form"


def recently_authenticated(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the last minutes (ACCOUNT_REAUTHENTICATION_TIMEOUT).

    Where nobody needs a second factor (demo, tests) nobody is asked to confirm either; the demo says so on its sign-in
    page, production refuses the setting.
    """
    if not settings.SECOND_FACTOR:
        return True
    from allauth.account.internal.flows.login import get_authentication_records

    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - max(r["at"] for r in records) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_again(request: HttpRequest) -> HttpResponseRedirect:
    """To the confirmation, keeping a form that was being sent; back to the page itself when nothing was."""
    if request.method == "POST":
        kept = {
            "path": request.get_full_path(),
            "data": [[name, values] for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"],
            "files": sorted({file.name or "" for _name, files in request.FILES.lists() for file in files}),
            "user": request.user.pk,
        }
        request.session[KEPT] = seal(json.dumps(kept))
        back = reverse("accounts:proceed")
    else:
        back = request.get_full_path()
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def kept_form(request: HttpRequest) -> dict[str, Any] | None:
    """What ``ask_again`` kept for this person: ``path``, ``data`` (name and values), ``files`` (names only)."""
    sealed = request.session.get(KEPT)
    kept = json.loads(unseal(sealed)) if sealed else None
    return kept if kept and kept["user"] == request.user.pk else None


def forget(request: HttpRequest) -> None:
    """Throw away what was kept."""
    request.session.pop(KEPT, None)
