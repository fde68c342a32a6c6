"""The registry and the list of cases in the administration pages: the same resources, the same limits."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from import_export.admin import ExportMixin

from cases.exchange.formats import SafeCSV, SafeXLSX
from cases.exchange.resources import CaseResource, EmployeeResource
from cases.fields import Where, fields_shown, shown
from cases.models import Case, Employee
from cases.services.registry import add_employees, change_employees


class OwnFormats(ExportMixin):
    """Export through our formats and our resource, as the acting desk."""

    export_formats = (SafeXLSX, SafeCSV)
    show_change_form_export = False
    skip_export_form = False

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the list as filtered; a filter that means nothing is a bad request, not a breakdown."""
        try:
            return super().get_export_queryset(request)
        except IncorrectLookupParameters as mistake:
            raise BadRequest("A filter that means nothing.") from mistake

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """The resource must know whose rows may leave."""
        return {"officer": request.officer}  # type: ignore[attr-defined]


class EmployeeAdmin(OwnFormats, admin.ModelAdmin):
    """Employees of the own institution. A file comes in through the trial page, which is one for everybody."""

    resource_classes = (EmployeeResource,)
    import_export_change_list_template = "exchange/admin_employees.html"
    list_display = ("name", "nip", "employment", "unit", "position", "rank", "is_active")
    list_filter = ("employment", "is_active")
    search_fields = ("name", "nip", "unit")
    fields = ("nip", "name", "employment", "unit", "position", "position_class", "rank", "is_active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        """Own rows only."""
        return EmployeeResource(officer=request.officer).get_queryset()  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        """The library's import pages take a temporary file's name from the browser; ours stand in their place."""
        return [
            path("import/", self.admin_site.admin_view(self.to_trial), name="cases_employee_import"),
            *super().get_urls(),
        ]

    def to_trial(self, request: HttpRequest) -> HttpResponse:
        """To the trial page."""
        return redirect("cases:employees")

    def get_readonly_fields(self, request: HttpRequest, obj: Employee | None = None) -> tuple[str, ...]:
        """A NIP is the identity; a wrong one is a new row."""
        return ("nip",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Employee, form: Any, change: bool) -> None:
        """Through the service, like an import."""
        write = change_employees if change else add_employees
        write(actor=request.officer, employees=[obj])  # type: ignore[attr-defined]

    def has_delete_permission(self, request: HttpRequest, obj: Employee | None = None) -> bool:
        """Never: cases name employees. Somebody who left is marked inactive."""
        return False


class CaseAdmin(OwnFormats, admin.ModelAdmin):
    """Cases, to be read and taken out. They change by steps only."""

    resource_classes = (CaseResource,)
    list_display = ("number", "registration_number", "subject_name", "state", "bawaslu", "employer", "due_on")
    list_filter = ("state", "report__election")
    list_select_related = ("bawaslu", "employer")
    search_fields = ("number", "registration_number", "subject_name", "subject_nip")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Columns the acting institution reads here (``cases.fields``)."""
        kind = request.officer.desk.kind  # type: ignore[attr-defined]
        return tuple(str(name) for name in self.list_display if shown(str(name), kind, Where.ADMIN))

    def get_fields(self, request: HttpRequest, obj: Case | None = None) -> tuple[str, ...]:
        """The same for one case's page."""
        kind = request.officer.desk.kind  # type: ignore[attr-defined]
        own = {field.name for field in Case._meta.concrete_fields}
        return tuple(name for name in fields_shown(kind, Where.ADMIN) if name in own)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """Through the one door."""
        return Case.objects.visible_to(request.officer)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Cases come from reports."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        """Cases change by steps."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        """Cases stay."""
        return False
