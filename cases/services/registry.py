"""Writing the registry of employees: one institution's own rows, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import now
from cases.models import Employee, Event
from cases.services.access import REFERENCE
from cases.services.errors import Refused, WrongDesk
from cases.services.record import write_record
from cases.workflow import IMPORT_EMPLOYEES_BY

log = structlog.get_logger(__name__)

#: What an import may say about an employee. Employer and history are never taken from a file.
WRITTEN = ("name", "employment", "unit", "position", "position_class", "rank", "is_active")
BATCH = 500


def check_registrar(actor: Officer | None) -> Officer:
    """The officer, when the desk keeps a registry. Raises WrongDesk otherwise."""
    if actor is None or actor.desk not in IMPORT_EMPLOYEES_BY:
        raise WrongDesk(_("This desk does not keep the registry of employees."))
    return actor


def add_employees(*, actor: Officer, employees: Sequence[Employee]) -> None:
    """Add new employees of the actor's institution. Raises IntegrityError when a NIP appeared in the meantime."""
    check_registrar(actor)
    moment = now()
    for employee in employees:
        employee.employer, employee.updated_at = actor.institution, moment
    with transaction.atomic():
        Employee.objects.bulk_create(employees, batch_size=BATCH)
        _tell(actor, "employees_added", employees)
    log.info("employees_added", count=len(employees), institution=actor.institution.code)


def change_employees(*, actor: Officer, employees: Sequence[Employee]) -> None:
    """Change employees of the actor's institution. Raises Refused, changing nothing, when one is another's."""
    check_registrar(actor)
    moment = now()
    for employee in employees:
        employee.updated_at = moment
    with transaction.atomic():
        keys = [employee.pk for employee in employees]
        own = Employee.objects.select_for_update().filter(pk__in=keys, employer=actor.institution).count()
        if own != len(keys):
            raise Refused(_("An employee in this file belongs to another employer."))
        Employee.objects.bulk_update(employees, [*WRITTEN, "updated_at"], batch_size=BATCH)
        _tell(actor, "employees_changed", employees)
    log.info("employees_changed", count=len(employees), institution=actor.institution.code)


def _tell(actor: Officer, name: str, employees: Sequence[Employee]) -> None:
    """Whose rows were written: by NIP, so that a breach report or a complaint can be answered."""
    if employees:
        write_record(
            stream=REFERENCE,
            kind=Event.Kind.REFDATA,
            name=name,
            actor=actor,
            data={"count": len(employees), "nips": sorted(employee.nip for employee in employees)},
        )
