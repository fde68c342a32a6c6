"""Addresses of the exchange, inside the namespace ``cases``."""

from django.urls import path

from cases.exchange import views

urlpatterns = [
    path("employees/", views.employees, name="employees"),
    path("employees/import/", views.employee_import, name="employee_import"),
    path("employees/import/confirm/", views.employee_import_confirm, name="employee_import_confirm"),
    path("employees/file/", views.employee_template, name="employee_template"),
    path("export/", views.export, name="export"),
]
