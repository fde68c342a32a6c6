"""Addresses of cases. Every view needs a line in ``portal/permissions.py``."""

from django.urls import include, path

from cases.views.case import detail, evidence_add, move, note_add
from cases.views.case_list import case_list, list_columns
from cases.views.clock import clock
from cases.views.files import evidence, original
from cases.views.history import (
    history,
    history_bundle,
    history_bundle_file,
    history_check,
    history_check_all,
    history_heads,
    history_job,
)
from cases.views.holidays import holiday_add, holiday_update, holiday_withdraw, holidays
from cases.views.identity import conflict, identity, identity_read
from cases.views.intake import draft, draft_delete, draft_file_delete, draft_hints, new
from cases.views.letters import letter, letter_delivery, letter_pdf, letter_retry, letter_withdraw, letters
from cases.views.notices import calendar, feed, feed_change, notices, notices_choose, notices_read
from cases.views.preview import preview
from cases.views.retention import retention, retention_answer
from cases.views.saved_views import view_change, view_save
from cases.views.tasks import tasks
from cases.views.team import team, team_give, team_left
from cases.views.verify import verify

app_name = "cases"

urlpatterns = [
    path("", tasks, name="tasks"),
    path("cases/", case_list, name="list"),
    path("cases/columns/", list_columns, name="list_columns"),
    path("cases/new/", new, name="new"),
    path("cases/new/hints/<slug:part>/", draft_hints, name="draft_hints"),
    path("cases/new/<uuid:key>/delete/", draft_delete, name="draft_delete"),
    path("cases/new/<uuid:key>/files/<uuid:file_id>/", draft_file_delete, name="draft_file_delete"),
    path("cases/new/<uuid:key>/<slug:part>/", draft, name="draft"),
    path("cases/<str:number>/", detail, name="detail"),
    path("cases/<str:number>/evidence/", evidence_add, name="evidence_add"),
    path("cases/<str:number>/notes/", note_add, name="note_add"),
    path("cases/<str:number>/deadline/<slug:act>/", clock, name="clock"),
    path("cases/<str:number>/identity/", identity, name="identity"),
    path("cases/<str:number>/identity/read/", identity_read, name="identity_read"),
    path("cases/<str:number>/identity/<uuid:evidence_id>/", original, name="original"),
    path("cases/<str:number>/conflict/", conflict, name="conflict"),
    path("cases/<str:number>/<slug:step>/", move, name="move"),
    path("cases/<str:number>/<slug:step>/preview/", preview, name="preview"),
    path("", include("cases.exchange.urls")),
    path("letters/", letters, name="letters"),
    path("letters/<uuid:letter_id>/", letter, name="letter"),
    path("letters/<uuid:letter_id>/pdf/", letter_pdf, name="letter_pdf"),
    path("letters/<uuid:letter_id>/retry/", letter_retry, name="letter_retry"),
    path("letters/<uuid:letter_id>/withdraw/", letter_withdraw, name="letter_withdraw"),
    path("letters/<uuid:letter_id>/delivery/", letter_delivery, name="letter_delivery"),
    path("v/", verify, name="verify_any"),
    path("v/<path:token>", verify, name="verify"),
    path("notices/", notices, name="notices"),
    path("notices/read/", notices_read, name="notices_read"),
    path("notices/choices/", notices_choose, name="notices_choose"),
    path("calendar/", calendar, name="calendar"),
    path("calendar/feed/", feed_change, name="feed_change"),
    path("calendar/<str:token>.ics", feed, name="feed"),
    path("holidays/", holidays, name="holidays"),
    path("holidays/add/", holiday_add, name="holiday_add"),
    path("holidays/withdraw/", holiday_withdraw, name="holiday_withdraw"),
    path("holidays/update/", holiday_update, name="holiday_update"),
    path("team/", team, name="team"),
    path("team/give/", team_give, name="team_give"),
    path("team/left/", team_left, name="team_left"),
    path("views/save/", view_save, name="view_save"),
    path("views/<int:view_id>/", view_change, name="view_change"),
    path("evidence/<uuid:evidence_id>/", evidence, name="evidence"),
    path("history/", history, name="history"),
    path("history/heads/", history_heads, name="history_heads"),
    path("history/check/", history_check_all, name="history_check_all"),
    path("history/jobs/<uuid:job_id>/", history_job, name="history_job"),
    path("history/jobs/<uuid:job_id>/bundle/", history_bundle_file, name="history_bundle_file"),
    path("history/bundle/<str:number>/", history_bundle, name="history_bundle"),
    path("retention/", retention, name="retention"),
    path("retention/<int:disposal_id>/", retention_answer, name="retention_answer"),
    path("history/check/<str:number>/", history_check, name="history_check"),
]
