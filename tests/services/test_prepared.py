"""A statement put together once gives what the queryset gives, for every desk and every case, before and after."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from accounts.models import Officer
from accounts.prepared import prepared
from accounts.roles import Role
from cases.models import Case, Conflict, Event, Stream
from cases.services.errors import NotVisible, WrongDesk
from cases.services.locking import check_holding, lock
from cases.services.record import BrokenChain, _advance, write_event, write_record
from tests.fixtures_world import Loaded
from tests.play import play

pytestmark = pytest.mark.django_db


def seen_through_the_lock(officer: Officer) -> set[int]:
    seen = set()
    for case in Case.objects.all():
        try:
            locked = lock(case, officer)
        except NotVisible:
            continue
        assert {f.attname: getattr(locked, f.attname) for f in Case._meta.concrete_fields} == {
            f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields
        }
        seen.add(case.pk)
    return seen


def test_the_lock_opens_what_the_door_opens(world: Loaded) -> None:
    """For every desk; also for one it was never asked for, one walled off, one whose own case it is."""
    play("scenarios/02-suka-sesudah-penetapan.yaml")
    play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
    officers = list(Officer.objects.select_related("institution", "user"))
    assert len(officers) > 5

    def compare() -> list[int]:
        counts = []
        for officer in officers:
            by_door = set(Case.objects.visible_to(officer).values_list("pk", flat=True))
            assert seen_through_the_lock(officer) == by_door, officer
            counts.append(len(by_door))
        return counts

    before = compare()
    assert 0 in before
    assert max(before) > 1
    walled = officers[before.index(max(before))]
    case = Case.objects.visible_to(walled)[0]
    Conflict.objects.create(
        case=case, person=walled.person_key, officer=walled, reason="Kerabat",
        declared_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    assert sum(compare()) < sum(before)
    subject = Case.objects.exclude(subject_nip="").exclude(pk=case.pk)[0]
    walled.nip = subject.subject_nip
    assert subject.pk not in seen_through_the_lock(walled)
    compare()


def test_holding_is_asked_anew_each_time(world: Loaded) -> None:
    officer = world.officer("yuni")
    check_holding(officer)
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    with pytest.raises(WrongDesk):
        check_holding(officer)
    Officer.objects.filter(pk=officer.pk).update(is_active=True, valid_to=dt.date(2000, 1, 1))
    with pytest.raises(WrongDesk):
        check_holding(officer)


def test_what_can_have_no_answer_has_none() -> None:
    assert prepared(lambda _reader, pk: Case.objects.visible_to(None).filter(pk=pk))(None, pk=1) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_outside_a_transaction() -> None:
    """Also once its text is ready, and on SQLite, where Django itself does not look."""
    end = prepared(lambda _reader, key: Stream.objects.select_for_update().filter(key=key))
    for _time in range(2):
        with pytest.raises(TransactionManagementError):
            end(None, key="system:exports")
        with transaction.atomic():
            assert end(None, key="system:exports") == []


def test_a_chain_moves_only_from_where_it_was_read(world: Loaded) -> None:
    """Two writers that read the same end, without the lock: the second changes nothing."""
    performance = play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
    first = Case.objects.get(pk=performance.case.pk)
    second = Case.objects.get(pk=performance.case.pk)
    write_event(case=first, kind=Event.Kind.NOTE, name="note", actor=None, institution=first.bawaslu)
    told = Event.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        write_event(case=second, kind=Event.Kind.NOTE, name="note", actor=None, institution=second.bawaslu)
    assert Event.objects.count() == told
    stale = Case.objects.get(pk=second.pk)
    stale.last_seq -= 1
    with pytest.raises(BrokenChain):
        _advance(stale, Event(stream="x", seq=99, hash="0" * 64))
    assert Case.objects.get(pk=second.pk).head_hash == first.head_hash


def test_a_step_asks_few_questions(world: Loaded) -> None:
    """The first reading begins a chain, the next finds it; nothing is asked twice."""
    auditor = Officer.objects.filter(role=Role.AUDITOR).select_related("institution")[0]
    write_record(stream="access:x", kind=Event.Kind.READING, name="x", actor=auditor)
    connection.force_debug_cursor = True
    try:
        connection.queries_log.clear()
        write_record(stream="access:x", kind=Event.Kind.READING, name="x", actor=auditor)
        asked = [query["sql"] for query in connection.queries_log]
    finally:
        connection.force_debug_cursor = False
    assert [sql.split()[0] for sql in asked] == ["SELECT", "INSERT", "UPDATE"]
