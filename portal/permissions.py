"""Who may open which address: one map for every view of the project.

This is the outer door. It knows desks, not cases: which *rows* a desk sees is decided by ``visible_to`` and which
*step* it may take by the workflow table. A view that is missing here answers 404 to everybody, a system check refuses
the start, and a test fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import (
    ADMIN_DESK,
    AUDITOR_DESK,
    BAWASLU_OFFICER,
    BAWASLU_SIGNATORY,
    BKPSDM_OFFICER,
    BKPSDM_SIGNATORY,
    DESK_LABELS,
    REVIEWER_OFFICER,
    REVIEWER_SIGNATORY,
    Desk,
)
from cases.workflow import (
    DISPOSAL_APPROVED_BY,
    DISPOSAL_ASKED_BY,
    EXPORT_CASES_BY,
    IMPORT_EMPLOYEES_BY,
    LETTER_ACT,
    SEALED_ACT,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition to open a view. ``desks`` empty means the desk does not matter.

    ``confirms``: whoever sends a form there shows first that it is still the same person (accounts.reauth).
    """

    signed_in: bool = True
    staff: bool = False
    desks: frozenset[Desk] = field(default_factory=frozenset)
    confirms: bool = False

    def admits(self, *, user: Any, desk: Desk | None) -> bool:
        """Whether this person, acting from this desk (None when they hold none), may open the view."""
        if not self.signed_in:
            return True
        if not user.is_authenticated:
            return False
        if self.staff and not user.is_staff:
            return False
        return not self.desks or desk in self.desks


def at(*desks: Desk) -> Rule:
    """Only people acting from one of these desks."""
    return Rule(desks=frozenset(desks))


def confirmed(rule: Rule) -> Rule:
    """The same rule, with a confirmation before anything is sent."""
    return replace(rule, confirms=True)


PUBLIC = Rule(signed_in=False)
SIGNED_IN = Rule()
STAFF = Rule(staff=True)
ANY_DESK = at(*DESK_LABELS)
CASE_WORKERS = at(
    BAWASLU_OFFICER, BAWASLU_SIGNATORY, REVIEWER_OFFICER, REVIEWER_SIGNATORY, BKPSDM_OFFICER, BKPSDM_SIGNATORY
)
CASE_READERS = at(*(CASE_WORKERS.desks | {AUDITOR_DESK}))
SIGNATORIES = at(BAWASLU_SIGNATORY, REVIEWER_SIGNATORY, BKPSDM_SIGNATORY)
ADMINISTRATORS = at(ADMIN_DESK)
AUDITORS = at(AUDITOR_DESK)

#: Views of django-allauth on the way in.
WHILE_SIGNING_IN = (
    "account_login", "account_logout", "account_signup", "mfa_authenticate", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
)  # fmt: skip
#: Views of django-allauth about one's own password, second factor and sessions.
OWN_SIGN_IN = (
    "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_change_password",
    "account_set_password", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_edit_webauthn", "mfa_remove_webauthn", "usersessions_list",
)  # fmt: skip
#: View name (with its namespace) to rule. ``namespace:*`` covers a namespace we do not write ourselves.
PERMISSIONS: dict[str, Rule] = {
    "health": PUBLIC,
    "metrics": PUBLIC,  # a bearer token opens it
    "background": ADMINISTRATORS,
    "background_retry": ADMINISTRATORS,
    "set_language": PUBLIC,
    "set_theme": PUBLIC,
    "components": STAFF,
    "help": PUBLIC,
    "help_page": PUBLIC,  # the law of a case only for who may see the case
    "set_keys": PUBLIC,
    "admin:*": confirmed(STAFF),  # reference data, desks, exports
    "accounts:login": PUBLIC,
    "accounts:logout": PUBLIC,
    "accounts:desk": SIGNED_IN,
    "accounts:demo": PUBLIC,  # answers 404 outside the demo
    "accounts:proceed": SIGNED_IN,
    **{
        f"accounts:{name}": confirmed(ADMINISTRATORS)
        for name in ("people", "ask", "succession", "decide", "person", "person_act")
    },
    # django-allauth's, under its own names (accounts/allauth_urls.py)
    **dict.fromkeys(WHILE_SIGNING_IN, PUBLIC),
    **dict.fromkeys(OWN_SIGN_IN, SIGNED_IN),
    **{
        f"cases:{name}": at(*IMPORT_EMPLOYEES_BY)
        for name in ("employees", "employee_import", "employee_import_confirm", "employee_template")
    },
    "cases:export": confirmed(at(*EXPORT_CASES_BY)),
    "cases:tasks": SIGNED_IN,  # where everybody lands; says so to somebody without a desk
    "cases:list": CASE_READERS,
    "cases:list_columns": CASE_READERS,
    "cases:new": at(BAWASLU_OFFICER),
    "cases:draft": at(BAWASLU_OFFICER),
    "cases:draft_hints": at(BAWASLU_OFFICER),
    "cases:draft_delete": at(BAWASLU_OFFICER),
    "cases:draft_file_delete": at(BAWASLU_OFFICER),
    "cases:detail": CASE_READERS,
    "cases:move": CASE_WORKERS,
    "cases:preview": CASE_WORKERS,
    "cases:clock": CASE_WORKERS,
    "cases:notices": CASE_READERS,
    "cases:notices_read": CASE_READERS,
    "cases:notices_choose": CASE_READERS,
    "cases:calendar": CASE_WORKERS,
    "cases:feed_change": CASE_WORKERS,
    "cases:feed": PUBLIC,  # the secret in the address opens it
    **{f"cases:{name}": ADMINISTRATORS for name in ("holidays", "holiday_add", "holiday_withdraw", "holiday_update")},
    "cases:team": SIGNATORIES,
    "cases:team_give": SIGNATORIES,
    "cases:team_left": SIGNATORIES,
    "cases:view_save": CASE_READERS,
    "cases:view_change": CASE_READERS,
    "cases:evidence_add": CASE_WORKERS,
    "cases:note_add": CASE_WORKERS,
    "cases:identity": confirmed(at(*SEALED_ACT["ask_identity"].by)),
    "cases:identity_read": at(*SEALED_ACT["ask_identity"].by),
    "cases:original": at(*SEALED_ACT["ask_identity"].by),
    "cases:conflict": at(*SEALED_ACT["declare_conflict"].by),
    "cases:letters": CASE_READERS,
    "cases:letter": CASE_READERS,
    "cases:letter_pdf": CASE_READERS,
    "cases:letter_retry": CASE_WORKERS,
    "cases:letter_withdraw": at(*LETTER_ACT["withdraw_letter"].by),
    "cases:letter_delivery": at(*LETTER_ACT["record_delivery"].by),
    "cases:verify": PUBLIC,  # whoever holds the paper
    "cases:verify_any": PUBLIC,
    "cases:evidence": CASE_READERS,
    "cases:history": AUDITORS,
    "cases:history_heads": AUDITORS,
    "cases:history_check": AUDITORS,
    "cases:history_check_all": AUDITORS,
    "cases:history_job": AUDITORS,
    "cases:history_bundle": confirmed(AUDITORS),
    "cases:history_bundle_file": AUDITORS,
    "cases:retention": at(DISPOSAL_ASKED_BY, DISPOSAL_APPROVED_BY),
    "cases:retention_answer": confirmed(at(DISPOSAL_APPROVED_BY, DISPOSAL_ASKED_BY)),
}


def rule_for(view_name: str) -> Rule | None:
    """The rule of a view; None when nobody wrote one."""
    if view_name in PERMISSIONS:
        return PERMISSIONS[view_name]
    namespace = view_name.partition("<")[0].rpartition(":")[0]  # a pattern in angle brackets has colons of its own
    return PERMISSIONS.get(f"{namespace}:*") if namespace else None


def all_view_names(patterns: Iterable[URLPattern | URLResolver] | None = None, namespace: str = "") -> Iterator[str]:
    """Every view of the project by full name; one without a name is given as its pattern in angle brackets."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from all_view_names(entry.url_patterns, inner)
        else:
            yield f"{namespace}{entry.name}" if entry.name else f"{namespace}<{entry.pattern}>"


def views_without_rule() -> list[str]:
    """Views nobody wrote a rule for, sorted."""
    return sorted({name for name in all_view_names() if rule_for(name) is None})


def rules_without_view() -> list[str]:
    """Rules that name no existing view, sorted: leftovers that would silently bind a later view of that name."""
    names = set(all_view_names())
    return sorted(
        name
        for name in PERMISSIONS
        if name not in names and not (name.endswith(":*") and any(n.startswith(name[:-1]) for n in names))
    )
