"""Views of the kit itself: the choice of theme, and the page that shows every component."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from cases.forms.rows import RowsField

THEMES = ("light", "dark")


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark, or (anything else) whatever the system says; back to where the person was."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            "theme",
            theme,
            max_age=dt.timedelta(days=365),
            httponly=True,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


class SampleForm(forms.Form):
    """One field of every kind; shown with and without mistakes."""

    place = forms.CharField(label=_("Place of the incident"), help_text=_("A building, an address or an account."))
    nip = forms.CharField(
        label="NIP",
        help_text=_("18 digits."),
        min_length=18,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    level = forms.ChoiceField(label=_("Level"), choices=[("", "—"), ("light", _("Light")), ("heavy", _("Heavy"))])
    kind = forms.ChoiceField(
        label=_("Kind of incident"),
        choices=[("media", _("Social media")), ("event", _("Event or campaign")), ("other", _("Other"))],
        widget=forms.RadioSelect,
    )
    heard = forms.MultipleChoiceField(
        label=_("Who was heard"),
        choices=[("reported", _("Reported person")), ("witness", _("Witness"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    people = RowsField(
        {"name": forms.CharField(label=_("Name")), "role": forms.CharField(label=_("Role"))},
        label=_("People invited"),
        help_text=_("Empty rows are left out."),
        spare=2,
        required=False,
    )
    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    story = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    file = forms.FileField(label=_("Evidence"), required=False, help_text=_("PDF, image, audio or video."))
    sure = forms.BooleanField(label=_("I have read this back to the reporter"))


def _stages() -> list[dict[str, Any]]:
    names = ["Laporan", "Klarifikasi", "Rekomendasi Bawaslu", "Telaah BKN", "Sanksi BKPSDM"]
    dates = ["8–13 Nov", "13–16 Nov", "16–18 Nov", "sejak 18 Nov", "belum"]
    holders = ["Bawaslu Kota Contoh"] * 3 + ["BKN Kanreg II", "BKPSDM Kota Contoh"]
    states = ["done", "done", "done", "current", "todo"]
    return [
        {"label": n, "dates": d, "holder": h, "state": s}
        for n, d, h, s in zip(names, dates, holders, states, strict=True)
    ]


def _row(tone: str, words: str, verb: str, *, primary: bool = False, waiting: str = "") -> dict[str, Any]:
    return {
        "name": "Heru Contoh",
        "nip": "197902142005011008",
        "unit": "Penelaah Teknis, Dinas Contoh",
        "task": "Tetapkan keputusan sanksi",
        "number": "004/REG/TM/PW/Kota/00.00/X/2024",
        "url": "#rows",
        "tone": tone,
        "words": words,
        "date": "Senin, 25 Nov 2024",
        "action": {"label": verb, "url": "#rows", "primary": primary} if verb else None,
        "waiting": waiting,
    }


def _days() -> list[dict[str, Any]]:
    plan = "18 Sen start,19 Sel counted,20 Rab counted,21 Kam paused,22 Jum paused,25 Sen paused,26 Sel counted,"
    plan += "27 Rab off,28 Kam counted,29 Jum counted,2 Sen open,3 Sel due"
    notes = {"start": "mulai", "counted": "dihitung", "paused": "jeda", "off": "libur", "open": "", "due": "tempo"}
    return [
        {"day": day, "weekday": weekday, "kind": kind, "note": notes[kind], "today": day == "29"}
        for day, weekday, kind in (entry.split() for entry in plan.split(","))
    ]


@require_GET
def kit(request: HttpRequest) -> HttpResponse:
    """Every component once, with sample data, for people who write pages and for the browser tests."""
    wrong = SampleForm({"wrong-nip": "123", "wrong-kind": "media", "wrong-on": "2024-11-24"}, prefix="wrong")
    return render(
        request,
        "kit.html",
        {
            "form": SampleForm(initial={"kind": "media"}),
            "wrong": wrong,
            "stages": _stages(),
            "returns": [{"from": 3, "to": 4, "label": "Kelengkapan 21–25 Nov"}],
            "rows": [
                _row("overdue", "Lewat 3 hari kerja", "Tetapkan sanksi", primary=True),
                _row("soon", "2 hari kerja lagi", "Periksa LHP"),
                _row("calm", "8 hari kerja lagi", "", waiting="Menunggu BKN"),
            ],
            "days": _days(),
            "whys": [
                {"icon": "inbox", "text": "Mulai: berkas diterima Senin, 18 Nov (hari ke-0)"},
                {"icon": "player-pause", "text": "Dijeda 3 hari kerja, 21–25 Nov"},
                {"icon": "scale", "text": "Dasar: 7 hari kerja"},
            ],
            "facts": [("Pemilihan", "Pilkada 2024"), ("Peristiwa", "Mengunggah foto"), ("Dasar", "Pasal contoh")],
            "crumbs": [{"label": "Tugas saya", "url": "#top"}, {"label": "004/REG/TM/PW/Kota/00.00/X/2024"}],
            "files": [{"label": "Surat jawaban kelengkapan", "number": "041/CONTOH/11/2024", "url": "#timeline"}],
            "page_obj": Paginator(range(214), 25).get_page(3),
            "reasons": ["Hasil telaah belum diajukan; penetapannya harus oleh orang lain."],
            "tones": ["overdue", "soon", "calm", "done", "info", "neutral"],
        },
    )
