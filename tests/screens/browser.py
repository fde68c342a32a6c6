"""A browser without JavaScript: reads the forms of a page as HTML defines them and sends them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Officer
from cases.clock import travel
from cases.selectors.work import forget

#: What a page may ask the database, session, account and desk included.
MOST_QUERIES = 15


@dataclass
class PageForm:
    """One form of a page: where it goes and what it would send untouched."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.form: PageForm | None = None
        self.select = self.textarea = ""
        self.text = ""
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self.form = PageForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.form)
        if self.form is None or not (name := given.get("name", "")):
            if tag == "option" and self.select and self.form is not None:
                self._option(self.form, given)
            return
        self.form.names.add(name)
        if tag == "input":
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in given:
                    self.form.fields[name] = given.get("value", "on")
            elif kind != "file":
                self.form.fields[name] = given.get("value", "")
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.textarea, self.text = name, ""

    def _option(self, form: PageForm, given: dict[str, str]) -> None:
        if "selected" in given or self.select not in form.fields:
            form.fields[self.select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.form is not None:
            self.form.fields[self.textarea] = self.text.lstrip("\n")
            self.textarea = ""


@dataclass
class Page:
    """An answer, read."""

    status: int
    forms: list[PageForm]
    text: str
    links: list[str]
    html: str
    url: str
    queries: int = 0

    def form(self, action: str) -> PageForm:
        """The form whose address ends so."""
        found = [form for form in self.forms if form.action.split("#")[0].endswith(action)]
        assert found, f"no form to {action}; there are {[form.action for form in self.forms]}"
        return found[0]

    @property
    def post_targets(self) -> set[str]:
        """Where the page's own forms post to."""
        return {form.action.split("#")[0] for form in self.forms if form.method == "post"}


class Person:
    """Somebody at a desk with a browser."""

    def __init__(self, officer: Officer, *, language: str = "en") -> None:
        self.officer = officer
        self.client = Client(headers={"accept-language": language})
        self.client.force_login(officer.user)

    def get(self, url: str, **query: Any) -> Page:
        forget()  # a page may rely for a while on what another saw; the budget is for the one that looks
        with CaptureQueriesContext(connection) as asked:
            page = read(self.client.get(url, query, follow=True))
        page.queries = len(asked)
        return page

    def send(self, page: Page, action: str, **answers: Any) -> Page:
        """Fill in a form of the page and send it. A field the form does not have is a mistake of the test."""
        form = page.form(action)
        unknown = set(answers) - form.names
        assert not unknown, f"no such field: {unknown}"
        return read(self.client.post(form.action.split("#")[0], form.fields | answers, follow=True))

    def file(self, **answers: Any) -> Page:
        """Write a report, page by page, up to the one where it is filed; stops at the first page that refuses."""
        left = dict(answers)
        page = self.get("/cases/new/")
        for part in ("incident", "reported", "reporter", "evidence"):
            address = f"/{part}/"
            names = page.form(address).names
            given = {name: left.pop(name) for name in list(left) if name in names}
            page = self.send(page, address, do="next", **given)
            if page.status != 200:
                return page
        assert not left, f"no page asks for {set(left)}"
        return self.send(page, "/check/")

    def take(self, number: str, step: str, **answers: Any) -> Page:
        """Open a step on the case page, fill it in, send it."""
        address = f"/cases/{number}/{step}/"
        page = self.get(address)
        assert page.queries <= MOST_QUERIES, f"{step}: {page.queries} queries"
        return self.send(page, address, **answers)


def read(response: Any) -> Page:
    reader = _Reader()
    html = response.content.decode()
    reader.feed(html)
    chain = getattr(response, "redirect_chain", None)
    url = chain[-1][0] if chain else response.request["PATH_INFO"]
    return Page(response.status_code, reader.forms, " ".join(" ".join(reader.words).split()), reader.links, html, url)


@contextmanager
def on(day: str, time: str = "09:00") -> Iterator[None]:
    """The clock stands at this moment in Jakarta."""
    moment = dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(time), ZoneInfo("Asia/Jakarta"))
    with travel(moment):
        yield
