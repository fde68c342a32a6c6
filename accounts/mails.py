"""Words of the mails about accounts. They name no case, and carry no secret but the link that sets a password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.moments import short_moment

#: Occasions that tell of a change already made.
CHANGES = frozenset(
    {
        "password_changed", "password_set", "password_reset", "totp_activated", "totp_deactivated",
        "webauthn_added", "webauthn_removed", "recovery_codes_generated",
    }
)  # fmt: skip


def written(occasion: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of a mail. Raises KeyError for an occasion nobody wrote words for."""
    if occasion in CHANGES:
        what = _change(occasion)
        when = short_moment(context["timestamp"])
        where = _("%(when)s, from the address %(ip)s.") % {"when": when, "ip": context["ip"]}
        alarm = _("If this was not you, tell your administrator at once.")
        return what, signed(what + ".", where, alarm)
    if occasion == "password_reset_key":
        link = context["password_reset_url"]
        return _("Choose a new password"), signed(
            _("Somebody, probably you, asked for a new password. Open this address to choose one:"),
            link,
            _("If it was not you, do nothing: your password stays as it is."),
        )
    if occasion == "unknown_account":
        return _("No account at this address"), signed(
            _("Somebody asked for a new password for this address. There is no account here; nothing was changed."),
        )
    raise KeyError(occasion)


def signed(*paragraphs: str) -> str:
    """The paragraphs of a mail with the portal's signature."""
    return "\n\n".join([*paragraphs, f"{_('Neutrality Portal')}\n{settings.BASE_URL}"]) + "\n"


def _change(occasion: str) -> str:
    return {
        "password_changed": _("Your password was changed"),
        "password_set": _("Your password was set"),
        "password_reset": _("Your password was set anew"),
        "totp_activated": _("An authenticator app was added to your account"),
        "totp_deactivated": _("The authenticator app was removed from your account"),
        "webauthn_added": _("A passkey was added to your account"),
        "webauthn_removed": _("A passkey was removed from your account"),
        "recovery_codes_generated": _("New recovery codes were made for your account"),
    }[occasion]
