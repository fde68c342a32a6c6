"""Long work on the history in the background: checking all of it, making a case's bundle. Rows first, a worker then.

Progress is written to a file beside the bundles, not to the row: a check reads in one steady view, in which nothing can
be written. A worker that dies loses its lease, and the sweep wakes another.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from celery import current_app
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import AUDITOR_DESK
from cases.audit.verify import Verification
from cases.clock import now, real_now, today
from cases.letters import failures
from cases.letters.rendering import RenderingFailed
from cases.models import Case, HistoryJob
from cases.models.file import private_storage
from cases.services.access import history_work
from cases.services.checkpoint import outside, public_keys
from cases.services.dossier import export_history
from cases.services.errors import NotVisible, Refused, WrongDesk

log = structlog.get_logger(__name__)

RUN_TASK = "cases.tasks.history_job"
QUEUE = "exchange"
LEASE = dt.timedelta(minutes=30)
MAX_ATTEMPTS = 3
#: Bundles and results are thrown away after this; who needs one again asks again.
KEPT_FOR = dt.timedelta(days=7)
#: Seconds between two notes of progress.
EVERY = 0.5

Kind, Status = HistoryJob.Kind, HistoryJob.Status
OPEN = (Status.PENDING, Status.RUNNING)


def ask_check(*, actor: Officer) -> HistoryJob:
    """Have the whole history checked; the check that is under way already, if there is one. Raises Refused."""
    return _ask(actor, Kind.CHECK, None)


def ask_bundle(*, actor: Officer, case: Case) -> HistoryJob:
    """Have the bundle of ``case`` made; the one being made already, if there is one. Raises Refused."""
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise NotVisible(_("There is no such case."))
    return _ask(actor, Kind.BUNDLE, case)


def _ask(actor: Officer, kind: str, case: Case | None) -> HistoryJob:
    if actor.desk != AUDITOR_DESK:
        raise WrongDesk(_("Only auditors take a case's history out."))
    standing = HistoryJob.objects.filter(officer=actor, kind=kind, case=case, status__in=OPEN)
    if (found := standing.first()) is not None:
        return found
    try:
        with transaction.atomic():
            job = HistoryJob.objects.create(officer=actor, kind=kind, case=case, created_at=real_now())
            history_work(reader=actor, name=ASKED[kind], case=case, job=str(job.pk))
            wake(job.pk)
    except IntegrityError:
        return standing.get()
    return job


#: What the reader's own chain says of each kind.
ASKED: dict[str, str] = {Kind.CHECK: "check_asked", Kind.BUNDLE: "bundle_asked"}


def wake(job_id: uuid.UUID) -> None:
    """Ask a worker to do it once the row is visible. Losing the message costs nothing but time."""
    key = str(job_id)
    transaction.on_commit(lambda: current_app.send_task(RUN_TASK, [key], queue=QUEUE, ignore_result=True), robust=True)


def run_job(job_id: uuid.UUID | str) -> bool:
    """Do one job unless it is done or in another worker's hands; True when it was done now."""
    at = real_now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    claimed = HistoryJob.objects.filter(free, pk=job_id, status__in=OPEN).update(
        status=Status.RUNNING, leased_until=at + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    job = HistoryJob.objects.select_related("officer__institution", "officer__user", "case").get(pk=job_id)
    try:
        result = WORK[Kind(job.kind)](job)
    except Exception as error:  # whatever goes wrong is this job's failure, not the worker's
        log.exception("history_job_failed", job=str(job.pk), kind=job.kind)
        _failed(job, error)
        return False
    HistoryJob.objects.filter(pk=job.pk).update(
        status=Status.DONE, result=result, file=job.file.name or "", leased_until=None, finished_at=real_now(), error=""
    )
    return True


def _check(job: HistoryJob) -> dict[str, Any]:
    keep = _progress_keeper(job)
    found = Verification(outside=outside(), keys=public_keys(), progress=keep).run().as_json()
    keep_out = ("verdict", "first", "list")
    findings = [{name: one[name] for name in FINDING} for one in found["list"][:MOST_FINDINGS]]
    return {**{name: value for name, value in found.items() if name not in keep_out}, "list": findings}


#: What is kept of a finding, and how many; sentences are made for the reader, in the reader's language.
FINDING = ("code", "detail", "stream", "seq", "index")
MOST_FINDINGS = 50


def _bundle(job: HistoryJob) -> dict[str, Any]:
    officer, case = job.officer, job.case
    if case is None or not Officer.objects.holding(today(officer.institution.timezone)).filter(pk=officer.pk).exists():
        raise WrongDesk(_("You no longer hold this desk."))
    with tempfile.TemporaryFile() as target:
        counts = export_history(case=case, actor=officer, target=target)
        target.seek(0)
        job.file.name = private_storage().save(f"bundles/{job.pk.hex}.zip", File(target))
    return dict(counts)


WORK: dict[str, Callable[[HistoryJob], dict[str, Any]]] = {Kind.CHECK: _check, Kind.BUNDLE: _bundle}


def _failed(job: HistoryJob, error: Exception) -> None:
    """Waits for the sweep, or for good after MAX_ATTEMPTS; a refusal and a dossier beyond its bounds are final."""
    final = isinstance(error, Refused) or job.attempts >= MAX_ATTEMPTS
    told = error.sentence if isinstance(error, Refused) else type(error).__name__
    if isinstance(error, RenderingFailed):
        final = final or error.code not in failures.PASSING
        told = _("The dossier could not be made. %(reason)s") % {"reason": failures.sentence(failures.told(error))}
    HistoryJob.objects.filter(pk=job.pk).update(
        status=Status.FAILED if final else Status.PENDING,
        leased_until=None if final else real_now() + dt.timedelta(seconds=20),
        finished_at=real_now() if final else None,
        error=told[:300],
    )


def sweep_jobs() -> int:
    """Wake workers for what nobody has in hand, and throw old results away; how many were woken."""
    at = real_now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    waiting = list(HistoryJob.objects.filter(free, status__in=OPEN).values_list("pk", flat=True)[:20])
    for pk in waiting:
        wake(pk)
    for job in HistoryJob.objects.filter(finished_at__lt=at - KEPT_FOR)[:100]:
        if job.file:
            job.file.storage.delete(str(job.file.name))
        _progress_file(job).unlink(missing_ok=True)
        job.delete()
    return len(waiting)


# ---------------------------------------------------------------------- progress


def _progress_file(job: HistoryJob) -> Path:
    return Path(private_storage().path(f"bundles/{job.pk.hex}.progress"))


def _progress_keeper(job: HistoryJob) -> Callable[[str, int, int], None]:
    """Notes how far a check is, now and then."""
    path, last = _progress_file(job), 0.0

    def keep(stage: str, done: int, total: int) -> None:
        nonlocal last
        if done < total and time.monotonic() - last < EVERY:
            return
        last = time.monotonic()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"stage": stage, "done": done, "total": total}))
        fresh.replace(path)

    return keep


def progress_of(job: HistoryJob) -> dict[str, Any]:
    """How far a job is: ``stage``, ``done``, ``total``; empty before its first note."""
    with contextlib.suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads(_progress_file(job).read_text())
        return found
    return {}


def bundle_taken(*, job: HistoryJob, actor: Officer) -> None:
    """The finished bundle goes to whoever asked for it. Raises NotVisible for anybody else."""
    if job.officer_id != actor.pk or job.kind != Kind.BUNDLE or job.status != Status.DONE or not job.file:
        raise NotVisible(_("There is no such file."))
    history_work(reader=actor, name="bundle_taken", case=job.case, job=str(job.pk), at=now().isoformat())
