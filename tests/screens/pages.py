"""Every page of the portal, as data: which view, who opens it, where. ``all_pages`` walks them all in Chromium.

A view of ``portal.permissions`` without a row here, and without a reason in ``NOT_PAGES``, fails
``tests/portal/test_permissions.py``: a new page is walked from its first day. Names in braces come from
``tests.screens.scene.Scene.places``.
"""

from __future__ import annotations

from dataclasses import dataclass

STRANGER = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One address of a view, as one person (an id of ``scenarios/_base.yaml``; nobody signed in when empty) sees it.

    ``foreign`` are pages whose markup comes from a library: they are held to everything but what ``FOREIGN`` names.
    """

    view: str
    who: str
    address: str
    status: int = 200
    foreign: bool = False


ROWS: tuple[Row, ...] = (
    # signing in
    Row("accounts:login", STRANGER, "/accounts/login/"),
    Row("accounts:desk", "agus", "/accounts/desk/"),
    Row("account_reset_password", STRANGER, "/accounts/password/forgotten/"),
    Row("account_reset_password_done", STRANGER, "/accounts/password/sent/"),
    Row("account_reset_password_from_key", STRANGER, "/accounts/password/new/1-gone/"),
    Row("account_reset_password_from_key_done", STRANGER, "/accounts/password/done/"),
    # one's own sign-in: hendra has every kind of key, rina none
    Row("mfa_index", "rina", "/accounts/security/"),
    Row("mfa_index", "hendra", "/accounts/security/"),
    Row("mfa_activate_totp", "rina", "/accounts/security/app/"),
    Row("mfa_deactivate_totp", "hendra", "/accounts/security/app/remove/"),
    Row("mfa_view_recovery_codes", "hendra", "/accounts/security/codes/"),
    Row("mfa_generate_recovery_codes", "hendra", "/accounts/security/codes/new/"),
    Row("mfa_list_webauthn", "hendra", "/accounts/security/passkeys/"),
    Row("mfa_add_webauthn", "rina", "/accounts/security/passkeys/add/"),
    Row("mfa_edit_webauthn", "hendra", "/accounts/security/passkeys/{passkey}/"),
    Row("mfa_remove_webauthn", "hendra", "/accounts/security/passkeys/{passkey}/remove/"),
    Row("usersessions_list", "rina", "/accounts/security/sessions/"),
    Row("account_change_password", "hendra", "/accounts/password/"),
    Row("account_set_password", "rina", "/accounts/password/set/"),
    Row("account_reauthenticate", "hendra", "/accounts/confirm/"),
    Row("mfa_reauthenticate", "hendra", "/accounts/confirm/code/"),
    # the case officer's day
    Row("cases:tasks", "rina", "/"),
    Row("cases:tasks", "pramono", "/"),
    Row("cases:tasks", "admin", "/"),  # without a case: the empty state
    Row("cases:tasks", "yuni", "/?stage=4"),
    Row("cases:list", "sekar", "/cases/"),
    Row("cases:list", "yuni", "/cases/?stage=4&order=due"),
    Row("cases:list", "rina", "/cases/?q=nobody"),
    Row("cases:new", "yuni", "/cases/new/"),
    Row("cases:draft", "yuni", "/cases/new/{draft}/incident/"),
    Row("cases:draft", "yuni", "/cases/new/{draft}/reported/"),
    Row("cases:draft", "yuni", "/cases/new/{draft}/reporter/"),
    Row("cases:draft", "yuni", "/cases/new/{draft}/evidence/"),
    Row("cases:draft", "yuni", "/cases/new/{draft}/check/"),
    Row("cases:detail", "rina", "/cases/{open}/"),
    Row("cases:detail", "rina", "/cases/{open}/?tab=evidence"),
    Row("cases:detail", "rina", "/cases/{open}/?tab=letters"),
    Row("cases:detail", "rina", "/cases/{open}/?tab=notes"),
    Row("cases:detail", "pramono", "/cases/{open}/"),  # blocked steps
    Row("cases:detail", "sekar", "/cases/{closed}/"),
    Row("cases:move", "rina", "/cases/{open}/request_supplement/"),
    Row("cases:identity", "yuni", "/cases/{open}/identity/"),
    Row("cases:conflict", "rina", "/cases/{open}/conflict/"),
    Row("cases:letters", "yuni", "/letters/"),
    Row("cases:letter", "yuni", "/letters/{letter}/"),
    Row("cases:letter", "yuni", "/letters/{pending}/"),
    # whoever holds a letter
    Row("cases:verify_any", STRANGER, "/v/"),
    Row("cases:verify", STRANGER, "/v/{token}"),
    Row("cases:verify", STRANGER, "/v/unknown", status=404),
    # beside the cases
    Row("cases:notices", "rina", "/notices/"),
    Row("cases:calendar", "rina", "/calendar/"),
    Row("cases:team", "pramono", "/team/"),
    Row("cases:employees", "agus", "/employees/"),
    Row("cases:export", "sekar", "/export/"),
    # the auditor
    Row("cases:history", "sekar", "/history/"),
    Row("cases:history_job", "sekar", "/history/jobs/{job}/"),
    Row("cases:retention", "yuni", "/retention/"),
    Row("cases:history_check", "sekar", "/history/check/{open}/"),
    # help
    Row("help", STRANGER, "/bantuan/"),
    Row("help_page", "rina", "/bantuan/cases-detail/?case={open}"),
    # administration
    Row("cases:holidays", "admin", "/holidays/?year=2028"),
    Row("accounts:people", "admin", "/accounts/people/"),
    Row("accounts:people", "adminbkpsdm", "/accounts/people/"),
    Row("accounts:person", "admin", "/accounts/people/{officer}/"),
    Row("accounts:ask", "admin", "/accounts/people/ask/"),
    Row("accounts:succession", "admin", "/accounts/people/succession/"),
    Row("background", "admin", "/background/"),
    Row("components", "admin", "/komponen/"),
    Row("admin:*", "admin", "/admin/", foreign=True),
    Row("admin:*", "admin", "/admin/cases/election/", foreign=True),
    Row("admin:*", "admin", "/admin/cases/deadlinerule/add/", foreign=True),
    Row("admin:*", "admin", "/admin/accounts/officer/", foreign=True),
)

#: Views that answer no page of their own, and why.
NOT_PAGES: dict[str, str] = {
    "health": "JSON for machines",
    "metrics": "text for machines",
    "set_language": "a choice, sent back to the page",
    "set_theme": "a choice, sent back to the page",
    "set_keys": "a choice, sent back to the page",
    "accounts:logout": "sends to the first page",
    "accounts:demo": "sends to the tasks",
    "accounts:decide": "sends to the people page",
    "accounts:person_act": "sends to the person's page",
    "account_signup": "not offered: 404 to everybody",
    "account_login": "another name of accounts:login",
    "account_logout": "another name of accounts:logout",
    "mfa_authenticate": "only in the middle of signing in; walked by tests/accounts",
    "mfa_download_recovery_codes": "a file",
    "mfa_reauthenticate_webauthn": "only with a passkey; walked by tests/accounts/test_passkeys.py",
    "accounts:proceed": "only after a confirmation with something kept; walked by tests/accounts",
    "cases:employee_import": "its answers are the employees page and the preview, walked by tests/exchange",
    "cases:employee_import_confirm": "sends to the employees page",
    "cases:employee_template": "a file",
    "cases:list_columns": "sends to the list",
    "cases:draft_hints": "a part of the draft's page",
    "cases:draft_delete": "sends to a new report",
    "cases:draft_file_delete": "sends to the draft",
    "cases:history_check_all": "sends to the page of the check",
    "cases:history_bundle": "sends to the page of the bundle",
    "cases:history_bundle_file": "a file",
    "cases:retention_answer": "sends to the retention page",
    "cases:clock": "its answer is the case page",
    "cases:notices_read": "sends to the notices",
    "cases:notices_choose": "sends to the notices",
    "cases:feed_change": "its answer is the calendar",
    "cases:feed": "a calendar file",
    "cases:team_give": "its answer is the team page",
    "cases:holiday_add": "its answer is the page of days off",
    "cases:holiday_withdraw": "its answer is the page of days off",
    "cases:holiday_update": "sends to the days off",
    "background_retry": "sends to the background work",
    "cases:team_left": "its answer is the team page",
    "cases:evidence_add": "its answer is the case page",
    "cases:note_add": "its answer is the case page",
    "cases:letter_pdf": "a file",
    "cases:view_save": "sends to the list",
    "cases:view_change": "sends to the list",
    "cases:letter_retry": "sends to the letter",
    "cases:preview": "opened, it sends to the step's form; drawn in tests/screens/test_preview.py",
    "cases:letter_withdraw": "sends to the letter",
    "cases:letter_delivery": "sends to the letter",
    "cases:evidence": "a file",
    "cases:original": "a file",
    "cases:identity_read": "open for minutes after a release; tests/sealed opens it",
    "cases:history_heads": "a file",
}

#: Pages for when something went wrong, at addresses that only exist in the test (``tests.screens.wrong``).
WRONG: tuple[Row, ...] = tuple(
    Row("wrong", "rina", f"/wrong/{code}/", status=int(code[:3]))
    for code in ("400", "403", "403_csrf", "404", "405", "409", "413", "429", "500", "503")
)
