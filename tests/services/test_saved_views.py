"""Saved views: one's own, of one page, a filter and never an address."""

from __future__ import annotations

import pytest

from cases.models import SavedView
from cases.services.errors import NotVisible, Refused
from cases.services.saved_views import MOST, delete_view, kept_query, rename_view, save_view, saved_views
from tests.desk import signed_in
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db


def test_the_filter_is_kept_without_what_belongs_to_one_look() -> None:
    assert kept_query("?page=3&q=surat&kind=&state=b&state=a&state=a") == "q=surat&state=a&state=b"
    assert kept_query("page=2&csrfmiddlewaretoken=x&q=+") == ""
    assert kept_query("q=a%00b\x00") == kept_query(kept_query("q=a%00b\x00"))


def test_views_are_kept_replaced_renamed_and_deleted(world: Loaded) -> None:
    yuni = world.officer("yuni")
    view = save_view(officer=yuni, page="tasks", label="  Kota   Suka ", query="?page=2&q=suka")
    assert (view.label, view.query) == ("Kota Suka", "q=suka")
    assert save_view(officer=yuni, page="tasks", label="Kota Suka", query="q=lain").pk == view.pk
    assert [row.query for row in saved_views(yuni, "tasks")] == ["q=lain"]
    assert not saved_views(yuni, "list")
    other = save_view(officer=yuni, page="tasks", label="Lain", query="q=b")
    with pytest.raises(Refused):
        rename_view(officer=yuni, view_id=other.pk, label="Kota Suka")
    assert rename_view(officer=yuni, view_id=other.pk, label="Baru").label == "Baru"
    delete_view(officer=yuni, view_id=view.pk)
    assert [row.label for row in saved_views(yuni, "tasks")] == ["Baru"]


def test_nobody_touches_somebody_elses(world: Loaded) -> None:
    view = save_view(officer=world.officer("yuni"), page="tasks", label="Milik Yuni", query="q=a")
    for act in (
        lambda: delete_view(officer=world.officer("hendra"), view_id=view.pk),
        lambda: rename_view(officer=world.officer("hendra"), view_id=view.pk, label="x"),
    ):
        with pytest.raises(NotVisible):
            act()
    client = signed_in(world.officer("hendra"))
    for do in ("rename", "delete"):
        assert client.post(f"/views/{view.pk}/", {"do": do, "label": "x"}).status_code == 404
    assert "Milik Yuni" in {row.label for row in SavedView.objects.all()}


@pytest.mark.parametrize(
    ("page", "label", "query"),
    [("nowhere", "x", "q=a"), ("tasks", " ", "q=a"), ("tasks", "x" * 61, "q=a"), ("tasks", "x", "page=2"),
     ("tasks", "x", "q=" + "a" * 1001)],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_sentence(world: Loaded, page: str, label: str, query: str) -> None:
    with pytest.raises(Refused) as caught:
        save_view(officer=world.officer("yuni"), page=page, label=label, query=query)
    assert caught.value.sentence
    assert not SavedView.objects.exists()


def test_there_is_an_end_to_how_many(world: Loaded) -> None:
    yuni = world.officer("yuni")
    for number in range(MOST):
        save_view(officer=yuni, page="list", label=str(number), query="q=a")
    with pytest.raises(Refused):
        save_view(officer=yuni, page="list", label="one more", query="q=a")
    save_view(officer=yuni, page="list", label="0", query="q=b")  # an old name still takes a new filter


def test_in_the_browser_one_comes_back_to_the_same_list(world: Loaded) -> None:
    from accounts.models import Officer

    auditor = Officer.objects.filter(role="AUDITOR").first()
    assert auditor is not None
    client = signed_in(auditor)
    answer = client.post("/views/save/", {"page": "history", "label": "Catatan", "query": "kind=NOTE&page=4"})
    assert (answer.status_code, answer["Location"]) == (302, "/history/?kind=NOTE")
    page = client.get("/history/?kind=NOTE").content.decode()
    assert 'href="/history/?kind=NOTE"' in page
    assert 'aria-current="true"' in page
    bad = client.post("/views/save/", {"page": "history", "label": "", "query": "kind=NOTE"}, follow=True)
    assert bad.redirect_chain == [("/history/?kind=NOTE", 302)]
    assert client.post("/views/save/", {"page": "//evil.example", "label": "x", "query": "q=1"}).status_code == 404
    assert client.get("/views/save/").status_code in (404, 405)
