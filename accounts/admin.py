"""Keeping accounts, institutions and desks. Rows are closed, not deleted: history names them for good."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.forms import AccountChangeForm, AccountCreationForm
from accounts.models import Institution, Officer, User
from accounts.seams import seams

# Rights come from desks; groups would be a second, invisible source.
admin.site.unregister(Group)


class NeverDeleted:
    """No delete button, whatever the permissions say."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class Recorded:
    """Every change is told to the history, in the transaction that makes it. Passwords are not."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, then tell who changed what from what to what."""
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        changes = {
            name: [form.initial.get(name), getattr(form.cleaned_data[name], "pk", form.cleaned_data[name])]
            for name in form.changed_data
            if "password" not in name
        }
        actor = getattr(request, "officer", None)
        seams.changed(actor, obj._meta.model_name, str(obj.pk), changes)


class DeskInline(admin.TabularInline):
    """Desks of an account, to be read here and changed on their own page."""

    model = Officer
    fields = ("institution", "role", "name", "is_active", "valid_from", "valid_to")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """On the desk's own page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """On the desk's own page."""
        return False


class NotAlone:
    """What gives rights is not changed here by one administrator: desks are asked for and approved (the people page).

    A superuser, made on the machine itself, may: somebody must put the first two administrators in.
    """

    #: Fields only two administrators change together, elsewhere.
    by_two: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Only to begin with."""
        return bool(request.user.is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """To be read, not changed."""
        fixed = tuple(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        return fixed if request.user.is_superuser else (*fixed, *self.by_two)


@admin.register(User)
class AccountAdmin(NotAlone, Recorded, NeverDeleted, UserAdmin):
    """Accounts. The marks that give rights in Django are not offered: a desk gives them.

    Passwords are nobody's but their owner's: there is a link for a forgotten one.
    """

    by_two = ("email", "is_active")

    form = AccountChangeForm
    add_form = AccountCreationForm
    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "first_name", "last_name", "desks__name", "desks__nip")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    inlines = (DeskInline,)
    fieldsets = (
        (None, {"fields": ("email",)}),
        (_("Person"), {"fields": ("first_name", "last_name")}),
        (_("Account"), {"fields": ("is_active", "last_login", "date_joined")}),
    )

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Not offered."""
        raise Http404

    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name")}),
    )


@admin.register(Institution)
class InstitutionAdmin(Recorded, NeverDeleted, admin.ModelAdmin):
    """Bodies with their time of validity; a new name is a new row."""

    list_display = ("short_name", "kind", "region", "region_name", "valid_from", "valid_to")
    list_filter = ("kind", "region_name")
    search_fields = ("code", "name", "short_name", "region")
    autocomplete_fields = ("successor",)


@admin.register(Officer)
class OfficerAdmin(NotAlone, Recorded, NeverDeleted, admin.ModelAdmin):
    """Desks: who sits where, from when to when."""

    by_two = ("user", "institution", "role", "nip", "administers", "is_active", "valid_from")

    list_display = ("name", "nip", "institution", "role", "is_active", "valid_from", "valid_to")
    list_filter = ("role", "institution__kind", "is_active")
    list_select_related = ("institution",)
    search_fields = ("name", "nip", "user__email", "institution__short_name")
    autocomplete_fields = ("user", "institution", "administers")
