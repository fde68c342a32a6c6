"""The peers of the history: a copy of the case's table, kept by django-simple-history and by django-auditlog.

Their models live only in the measurement's own database and process. A peer takes the same step as the portal and is
given all that makes the portal's fast: the same prepared door and lock, the same guards with the same prepared
readings, the same state machine, and a save of the three columns that change, where their manuals save the whole row.
Left to each is only how it remembers. Neither links its rows, nor keeps answers, desk and institution of that day; that
is their advantage, not ours. Nobody writes letters, deadlines or notices here.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, models, transaction

from accounts.models import Officer
from accounts.prepared import Prepared
from cases.machine import StateMachine
from cases.models import Case
from cases.querysets import CaseQuerySet
from cases.services.locking import door_for
from cases.services.move import MOVED, admit, pass_on
from cases.workflow import Step

#: Peer to the modules it needs.
NEEDS = {"simple_history": "simple_history", "auditlog": "auditlog"}


_tables: list[str] = []


def tables() -> list[str]:
    """Tables of the copies that ``make`` made."""
    return list(_tables)


def missing() -> list[str]:
    """Peers that are not installed (``requirements-bench.txt``)."""
    return [name for name, module in NEEDS.items() if importlib.util.find_spec(module) is None]


def _install(name: str) -> None:
    """Make an app known to this process as INSTALLED_APPS would have."""
    if name in apps.app_configs:
        return
    config = AppConfig.create(name)
    config.apps = apps
    apps.app_configs[config.label] = config
    config.import_models()
    apps.clear_cache()
    config.ready()


def unbound(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """The same column, without the way back from what it points to."""
    copy = field.clone()
    if copy.remote_field:
        copy.remote_field.related_name = "+"
    return copy


def _model(name: str, app: str, **extra: Any) -> Any:
    """A model like the case: same columns, same state machine, same doors."""
    meta = type("Meta", (), {"app_label": app, "ordering": ("-moved_at", "-pk")})
    body = {
        "__module__": __name__,
        "Meta": meta,
        "objects": CaseQuerySet.as_manager(),
        **{field.name: unbound(field) for field in Case._meta.concrete_fields},
        **extra,
    }
    return type(name, (StateMachine,), body)


def make(case: Case, actor: Officer, step: Step) -> dict[str, Callable[[], None]]:
    """For each peer installed, a function that takes ``step`` on a copy of ``case`` once and keeps its history."""
    found: dict[str, Callable[[], None]] = {}
    if "simple_history" not in missing():
        found["simple_history"] = _simple_history(case, actor, step)
    if "auditlog" not in missing():
        found["auditlog"] = _auditlog(case, actor, step)
    return found


def _copy_of(case: Case, model: Any) -> Any:
    row = model(**{field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields})
    models.QuerySet(model).bulk_create([row])
    return row


def _step_on(row: Any, door: Prepared, case: Case, actor: Officer, step: Step) -> Any:
    """Lock the copy, ask everything the portal asks, and change the state: what all have in common."""
    (locked,) = door(actor, pk=row.pk)
    admit(case, step, actor, case.seen_token, {})  # the same questions, of the case the copy was made from
    pass_on(locked, step)
    return locked


def _simple_history(case: Case, actor: Officer, step: Step) -> Callable[[], None]:
    _install("simple_history")
    from simple_history.models import HistoricalRecords

    model = _model("KeptBySimpleHistory", "simple_history", history=HistoricalRecords())
    with connection.schema_editor() as editor:
        editor.create_model(model)
        editor.create_model(model.history.model)
    row, door = _copy_of(case, model), door_for(model.objects)

    def act() -> None:
        with transaction.atomic():
            locked = _step_on(row, door, case, actor, step)
            locked._history_user = actor.user
            locked._change_reason = step.name
            locked.save(update_fields=MOVED)

    _tables.append(model._meta.db_table)
    return act


def _auditlog(case: Case, actor: Officer, step: Step) -> Callable[[], None]:
    _install("auditlog")
    from auditlog.context import set_actor
    from auditlog.models import LogEntry
    from auditlog.registry import auditlog

    model = _model("KeptByAuditlog", "auditlog")
    with connection.schema_editor() as editor:
        editor.create_model(LogEntry)
        editor.create_model(model)
    auditlog.register(model)
    row, door = _copy_of(case, model), door_for(model.objects)

    def act() -> None:
        with set_actor(actor.user), transaction.atomic():
            _step_on(row, door, case, actor, step).save(update_fields=MOVED)

    _tables.append(model._meta.db_table)
    return act
