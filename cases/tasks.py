"""Background tasks: an id in, a service call, nothing else."""

from __future__ import annotations

from celery import shared_task

from cases.services import letters


@shared_task(name="cases.tasks.render_letter", ignore_result=True)
def render_letter(letter_id: str) -> None:
    """Render one issued letter; does nothing when it is ready."""
    letters.render_letter_now(letter_id)


@shared_task(name="cases.tasks.sweep_letters", ignore_result=True)
def sweep_letters() -> int:
    """Finish what was left pending."""
    return letters.sweep()
