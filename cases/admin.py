"""Administration: reference data kept by the office; everything that history rests on only to be read.

Cases and employees have their administration pages beside their exchange. Rows are never deleted here: cases name them.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.catalogue.bases import StepBasis
from cases.catalogue.models import (
    DeadlineRule,
    Election,
    Holiday,
    PositionClass,
    PunishAuthority,
    Rank,
    SanctionType,
    ViolationType,
)
from cases.catalogue.printed import FormCode, LegalInstrument
from cases.exchange.admin import CaseAdmin, EmployeeAdmin
from cases.models import Case, Employee, Event, Evidence, GivenUpTask, Letter, Mail
from cases.services.access import reference_changed
from cases.services.background import retry_task
from cases.services.holidays import after_edit
from cases.services.outbox import retry_mail

admin.site.register(Case, CaseAdmin)
admin.site.register(Employee, EmployeeAdmin)


class ReferenceAdmin(admin.ModelAdmin):
    """A table of reference data. Saving marks the row as the office's, so that loading shipped data leaves it alone."""

    save_on_top = True
    readonly_fields = ("edited_by_office",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep whose row it is, and tell the history who changed what."""
        obj.edited_by_office = True
        super().save_model(request, obj, form, change)
        changes = {
            name: [form.initial.get(name), getattr(form.cleaned_data[name], "pk", form.cleaned_data[name])]
            for name in form.changed_data
        }
        actor = getattr(request, "officer", None)
        reference_changed(actor=actor, what=obj._meta.model_name, key=str(obj.pk), changes=changes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a rule that no longer holds gets an end date."""
        return False


@admin.register(Election)
class ElectionAdmin(ReferenceAdmin):
    """Elections and their phases."""

    list_display = ("name", "code", "regime", "candidates_determined_on", "vote_on", "confidence", "edited_by_office")
    list_filter = ("regime", "confidence")
    search_fields = ("name", "code")


@admin.register(ViolationType)
class ViolationTypeAdmin(ReferenceAdmin):
    """Rows of the joint decree's annex."""

    list_display = (
        "code",
        "plain",
        "list",
        "default_level",
        "valid_from",
        "valid_to",
        "confidence",
        "edited_by_office",
    )
    list_filter = ("list", "default_level", "confidence")
    search_fields = ("code", "plain", "wording")


@admin.register(SanctionType)
class SanctionTypeAdmin(ReferenceAdmin):
    """Sanctions."""

    list_display = ("code", "name", "level", "valid_from", "valid_to", "imposable_from", "imposable_to", "confidence")
    list_filter = ("level", "changes_post", "confidence")
    search_fields = ("code", "name")


@admin.register(PunishAuthority)
class PunishAuthorityAdmin(ReferenceAdmin):
    """Who may punish whom."""

    list_display = ("official", "code", "relation", "valid_from", "valid_to", "confidence", "edited_by_office")
    list_filter = ("confidence",)
    search_fields = ("official", "code")


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(ReferenceAdmin):
    """Deadline rules."""

    list_display = ("name", "code", "regime", "days", "extension_days", "unit", "valid_from", "valid_to", "confidence")
    list_filter = ("regime", "unit", "confidence")
    search_fields = ("name", "code", "legal_basis")


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    """Days off. Saving one recomputes the running deadlines and tells whoever they concern."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, then reckon every running deadline again."""
        super().save_model(request, obj, form, change)
        events = after_edit(actor=getattr(request, "officer", None), holiday=obj)
        if events:
            text = ngettext("%(n)d deadline was recomputed.", "%(n)d deadlines were recomputed.", len(events))
            messages.info(request, text % {"n": len(events)})

    list_display = ("date", "name", "kind", "region", "estimated", "withdrawn", "edited_by_office")
    list_filter = ("kind", "estimated", "withdrawn")
    date_hierarchy = "date"
    search_fields = ("name",)


@admin.register(FormCode)
class FormCodeAdmin(ReferenceAdmin):
    """The supervisor's form codes, printed on letters."""

    list_display = ("letter_kind", "regime", "code", "valid_from", "valid_to", "confidence", "edited_by_office")
    list_filter = ("regime", "confidence")
    search_fields = ("letter_kind", "code")


@admin.register(LegalInstrument)
class LegalInstrumentAdmin(ReferenceAdmin):
    """Laws cited in decrees; only those from a published text are printed."""

    list_display = ("title", "code", "dated_by", "valid_from", "valid_to", "confidence", "edited_by_office")
    list_filter = ("dated_by", "confidence")
    search_fields = ("title", "code")


@admin.register(StepBasis)
class StepBasisAdmin(ReferenceAdmin):
    """The law each step rests on, shown in the help of the case page."""

    list_display = ("step", "regime", "legal_basis", "valid_from", "valid_to", "confidence", "edited_by_office")
    list_filter = ("regime", "confidence")
    search_fields = ("step", "legal_basis")


@admin.register(Rank)
class RankAdmin(ReferenceAdmin):
    """Golongan."""

    list_display = ("code", "name", "employment", "order", "edited_by_office")
    list_filter = ("employment",)


@admin.register(PositionClass)
class PositionClassAdmin(ReferenceAdmin):
    """Classes of positions."""

    list_display = ("name", "code", "order", "is_functional", "forms_team_at", "valid_from", "valid_to")
    list_filter = ("is_functional", "forms_team_at")


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """The outbox: what waits, what was sent, what was given up and may be tried again. Mails name nobody."""

    list_display = ("subject", "to", "status", "attempts", "next_try_at", "sent_at", "error")
    list_filter = ("status",)
    search_fields = ("to", "subject")
    ordering = ("-created_at",)
    actions = ("try_again",)

    def get_exclude(self, request: HttpRequest, obj: Mail | None = None) -> tuple[str, ...]:
        """The text of a mail about an account is sealed."""
        return ("body",) if obj and obj.sealed else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a mail is kept as it is sent."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    @admin.action(description=_("Try again what was given up"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: models.QuerySet[Mail]) -> None:
        """Put chosen mails that were given up back into the outbox."""
        given_up = list(queryset.filter(status=Mail.Status.DEAD))
        for mail in given_up:
            retry_mail(mail)
        text = ngettext("%(n)d e-mail will be tried again.", "%(n)d e-mails will be tried again.", len(given_up))
        messages.info(request, text % {"n": len(given_up)})


@admin.register(GivenUpTask)
class GivenUpTaskAdmin(admin.ModelAdmin):
    """Background tasks that failed for good, and may be tried again."""

    list_display = ("task", "queue", "error", "times", "first_at", "last_at", "done_at")
    list_filter = (("done_at", admin.EmptyFieldListFilter), "queue")
    actions = ("try_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    @admin.action(description=_("Try again what was given up"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: models.QuerySet[GivenUpTask]) -> None:
        """Send chosen tasks again; each stays here until it has run."""
        open_rows = list(queryset.filter(done_at=None))
        for row in open_rows:
            retry_task(row)
        text = ngettext("%(n)d task will be tried again.", "%(n)d tasks will be tried again.", len(open_rows))
        messages.info(request, text % {"n": len(open_rows)})


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows written by services only: to be read here, through the one door, by whoever may see the case."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """What the acting desk may read; the administrator sees no case, so nothing."""
        rows: Any = self.model._default_manager
        found: models.QuerySet[Any] = rows.visible_to(request.officer)  # type: ignore[attr-defined]
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The history."""

    list_display = ("case", "seq", "kind", "name", "at", "actor_name", "institution_name", "to_state")
    list_select_related = ("case",)
    search_fields = ("case__number", "actor_name")


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Letters."""

    list_display = ("number", "kind", "dated_on", "institution", "status")
    list_select_related = ("institution",)
    search_fields = ("number", "case__number")
    exclude = ("context", "file")


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """Evidence, without the file: that is handed out by its own view."""

    list_display = ("title", "media_type", "size", "sha256", "institution", "added_at")
    list_select_related = ("institution",)
    exclude = ("file", "shown")
