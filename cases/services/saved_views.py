"""Saved views: keep the filter of a list under a name, rename it, forget it. Each officer has their own."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.prepared import Late, Reader, prepared
from cases.clock import now
from cases.models import SavedView
from cases.services.errors import NotVisible, Refused

#: Pages whose filter can be kept, by key, with the name of their view.
PAGES: dict[str, str] = {"tasks": "cases:tasks", "list": "cases:list", "history": "cases:history"}
#: Saved views of one officer on one page.
MOST = 30
#: Characters of a filter; longer ones come from nobody's form.
LONGEST = 1000
#: What belongs to one look at a page and not to the filter.
LEFT_OUT = ("page", "csrfmiddlewaretoken")


def saved_views(officer: Officer, page: str) -> QuerySet[SavedView]:
    """An officer's saved views of a page, by name."""
    return SavedView.objects.filter(officer=officer, page=page)


@prepared
def views_of(reader: Reader, *, page: Late) -> QuerySet[SavedView]:
    """The same to be drawn: read by every look at the page."""
    return SavedView.objects.filter(officer=reader.pk, page=page)


def kept_query(query: str) -> str:
    """The filter as it is kept: without page number and empty answers, in a steady order; may be empty."""
    asked = QueryDict(query.removeprefix("?").replace("\x00", ""), mutable=True)
    for name in list(asked):
        values = sorted({value for value in asked.getlist(name) if value.strip()})
        if name in LEFT_OUT or not values:
            del asked[name]
        else:
            asked.setlist(name, values)
    return QueryDict(asked.urlencode()).urlencode() if asked else ""


def save_view(*, officer: Officer, page: str, label: str, query: str) -> SavedView:
    """Keep a filter under a name; the same name again takes the new filter. Raises Refused."""
    label = _clean(label)
    if page not in PAGES:
        raise NotVisible(_("There is no such page."), field="page")
    query = kept_query(query)
    if not query:
        raise Refused(_("Nothing is filtered: there is nothing to keep."), field="query")
    if len(query) > LONGEST:
        raise Refused(_("This filter is too long to keep."), field="query")
    with transaction.atomic():
        Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
        mine = saved_views(officer, page)
        if not mine.filter(label=label).exists() and mine.count() >= MOST:
            raise Refused(_("You have %(most)d saved views here; delete one first.") % {"most": MOST}, field="label")
        view, _new = SavedView.objects.update_or_create(
            officer=officer, page=page, label=label, defaults={"query": query}, create_defaults={
                "query": query, "created_at": now(),
            },
        )  # fmt: skip
    return view


def rename_view(*, officer: Officer, view_id: int, label: str) -> SavedView:
    """Give a saved view another name. Raises Refused when the officer has one of that name there."""
    label = _clean(label)
    view = _own(officer, view_id)
    view.label = label
    try:
        with transaction.atomic():
            view.save(update_fields=["label"])
    except IntegrityError as error:
        raise Refused(_("You already have a saved view of this name."), field="label") from error
    return view


def delete_view(*, officer: Officer, view_id: int) -> SavedView:
    """Forget a saved view; returns what it was. Raises NotVisible for one that is not the officer's."""
    view = _own(officer, view_id)
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def _own(officer: Officer, view_id: int) -> SavedView:
    view = SavedView.objects.filter(officer=officer, pk=view_id).first()
    if view is None:
        raise NotVisible(_("There is no such saved view."))
    return view


def _clean(label: str) -> str:
    label = " ".join(label.replace("\x00", "").split())
    if not label:
        raise Refused(_("Give it a name."), field="label")
    if len(label) > 60:
        raise Refused(_("A name has at most 60 characters."), field="label")
    return label
