"""Sealed content opens only where, with what, and as it was sealed; everything else is an error, never a value."""

from __future__ import annotations

import base64
import random
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from cases.models import Reporter, SealedKey
from cases.models.report import IDENTITY
from cases.sealed.box import MARK, Box, Unopened, from_text, new_data_key, to_text
from cases.sealed.keys import NoKey, UnknownKey, add_key, load, ring
from cases.sealed.reporter import open_identity, open_statement, seal_statement, shred
from cases.sealed.store import Shredded, box_of, boxes_of, new_box, rotate
from tests.sealed.conftest import identity, reported

CHANGES = 1000
COLUMNS = (*IDENTITY, "statement")


def everything(reporter: Reporter) -> dict[str, str]:
    return {**open_identity(reporter), "statement": open_statement(reporter)}


def refused(reporter_id: int) -> bool:
    """Whether nothing at all comes out that was not put in; any exception but the two kinds is a failure."""
    try:
        everything(Reporter.objects.get(pk=reporter_id))
    except (Unopened, UnknownKey):
        return True
    return False


def test_what_was_sealed_comes_back(reporters: list[Reporter]) -> None:
    for number, reporter in enumerate(reporters):
        assert everything(reporter) == {**identity(number), "statement": ""}
    seal_statement(reporters[0].report_id, "Saya melihatnya.")
    assert open_statement(Reporter.objects.get(pk=reporters[0].pk)) == "Saya melihatnya."


def test_the_database_holds_no_clear_value(reporters: list[Reporter]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_reporter")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT * FROM cases_sealedkey")
        rows += str(cursor.fetchall())
    for number in range(len(reporters)):
        for value in identity(number).values():
            if len(value) > 3:
                assert value not in rows
                assert base64.b64encode(value.encode()).decode().rstrip("=")[:-1] not in rows
    for key in ring().keys.values():
        assert key.hex() not in rows


def test_the_same_name_is_never_sealed_the_same(world) -> None:
    one, two = reported(world, 1), reported(world, 2)
    assert open_identity(one)["citizenship"] == open_identity(two)["citizenship"]
    assert one.citizenship != two.citizenship
    box = box_of("cases_reporter", one.report_id)
    assert box.seal("name", "A") != box.seal("name", "A")


def test_a_thousand_changed_bytes_are_refused(reporters: list[Reporter]) -> None:
    seed = random.randrange(2**32)
    rng, counts = random.Random(seed), Counter[str]()
    for reporter in reporters:
        seal_statement(reporter.report_id, "Saya melihatnya.")
    while counts.total() < CHANGES:
        reporter = Reporter.objects.get(pk=rng.choice(reporters).pk)
        if rng.random() < 0.2:  # the wrapped data key, or which key wrapped it
            row = SealedKey.objects.get(table="cases_reporter", row=str(reporter.report_id))
            column = rng.choice(["wrapped", "wrapped_with", "name"])
            changed = one_change(getattr(row, column), rng)
            SealedKey.objects.filter(pk=row.pk).update(**{column: changed})
            undo = (SealedKey, row.pk, {column: getattr(row, column)})
        else:
            column = rng.choice(COLUMNS)
            changed = one_change(getattr(reporter, column), rng)
            Reporter.objects.filter(pk=reporter.pk).update(**{column: changed})
            undo = (Reporter, reporter.pk, {column: getattr(reporter, column)})
        assert refused(reporter.pk), (seed, column, changed)
        counts[column] += 1
        undo[0].objects.filter(pk=undo[1]).update(**undo[2])
        assert counts.total() % 100 or not refused(reporter.pk)  # put back, it opens: the refusal was the change's
    print(f"\nsealed: {counts.total()} changed bytes refused {dict(counts)}, seed {seed}")


def one_change(text: str, rng: random.Random) -> str:
    """One byte of the content changed, one character of the text, or the text cut."""
    if text.startswith(MARK) and rng.random() < 0.6:
        content = bytearray(from_text(text))
        content[rng.randrange(len(content))] ^= rng.randrange(1, 256)
        return to_text(bytes(content))
    place = rng.randrange(len(text))
    if rng.random() < 0.2:
        return text[:place]
    other = rng.choice([char for char in map(chr, range(33, 127)) if char != text[place]])
    return text[:place] + other + text[place + 1 :]


def test_a_thousand_swaps_are_refused(reporters: list[Reporter]) -> None:
    """A field of another row, another field of the same row, another row's data key."""
    seed = random.randrange(2**32)
    rng, counts = random.Random(seed), Counter[str]()
    for reporter in reporters:
        seal_statement(reporter.report_id, "Saya melihatnya.")
    rows = {row.pk: row for row in Reporter.objects.all()}
    keys = {int(row.row): row for row in SealedKey.objects.filter(table="cases_reporter")}
    while counts.total() < CHANGES:
        one, two = (rows[reporter.pk] for reporter in rng.sample(reporters, 2))
        kind = rng.choice(["row", "field", "whole row", "key", "whole row and key"])
        changes: dict[str, str] = {}
        if kind == "row":
            column = rng.choice(COLUMNS)
            changes = {column: getattr(two, column)}
        elif kind == "field":
            here, there = rng.sample(COLUMNS, 2)
            changes = {here: getattr(one, there)}
        elif kind != "key":
            changes = {column: getattr(two, column) for column in COLUMNS}
        if "key" in kind:
            other = keys[two.report_id]
            SealedKey.objects.filter(pk=keys[one.report_id].pk).update(
                name=other.name, wrapped=other.wrapped, wrapped_with=other.wrapped_with
            )
        Reporter.objects.filter(pk=one.pk).update(**changes)
        assert refused(one.pk), (seed, kind)
        counts[kind] += 1
        Reporter.objects.filter(pk=one.pk).update(**{column: getattr(one, column) for column in COLUMNS})
        keys[one.report_id].save()
    assert not refused(reporters[0].pk)
    print(f"\nsealed: {counts.total()} swaps refused {dict(counts)}, seed {seed}")


def test_control_without_the_binding_a_swap_passes(reporters: list[Reporter], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Box, "place", lambda self, field: b"anywhere")
    one, two = reporters[:2]
    box = box_of("cases_reporter", one.report_id)
    swapped = box.seal("address", "Gang lain")
    assert box.open("name", swapped) == "Gang lain"
    monkeypatch.undo()
    with pytest.raises(Unopened):
        box.open("name", swapped)
    assert two.pk


def test_a_clear_value_in_the_column_is_an_error(reporters: list[Reporter]) -> None:
    for clear in ("Pelapor Rahasia 0", "", "s1.", "s1.AAAA"):
        Reporter.objects.filter(pk=reporters[0].pk).update(name=clear)
        assert refused(reporters[0].pk), clear


def test_rotation_is_online_and_resumable(reporters: list[Reporter], key_file: Path) -> None:
    first = ring().current
    second = add_key(key_file)
    assert ring().current == second
    assert not any(refused(reporter.pk) for reporter in reporters)  # the old key still opens
    keys = list(SealedKey.objects.order_by("pk"))
    # Stopped half-way: some rows wrapped anew, some not; both open.
    SealedKey.objects.exclude(pk__in=[row.pk for row in keys[:3]]).update(wrapped_with="elsewhere")
    with pytest.raises(UnknownKey):
        rotate(batch=2)
    for row in keys[3:]:
        row.save()
    assert SealedKey.objects.filter(wrapped_with=second).count() in (2, 3)
    assert not any(refused(reporter.pk) for reporter in reporters)
    call_command("rotate_keys", batch=3)
    assert set(SealedKey.objects.values_list("wrapped_with", flat=True)) == {second}
    assert not any(refused(reporter.pk) for reporter in reporters)
    assert rotate() == (0, 0)
    # Without the old key everything still opens; without the new one nothing does.
    lines = key_file.read_text().splitlines(keepends=True)
    key_file.write_text("".join(line for line in lines if not line.startswith(first)))
    assert not any(refused(reporter.pk) for reporter in reporters)
    key_file.write_text("".join(line for line in lines if line.startswith(first)))
    assert all(refused(reporter.pk) for reporter in reporters)


def test_rotation_does_not_bring_back_what_was_shredded_meanwhile(
    reporters: list[Reporter], key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key(key_file)
    from cases.sealed import store

    real = store._box

    def meanwhile(row, keys):
        SealedKey.objects.filter(pk=row.pk).delete()
        return real(row, keys)

    monkeypatch.setattr(store, "_box", meanwhile)
    assert rotate() == (0, 0)
    assert not SealedKey.objects.exists()


def test_shredding_destroys_key_salt_and_ciphertext(reporters: list[Reporter]) -> None:
    shred(reporters[0])
    row = Reporter.objects.get(pk=reporters[0].pk)
    assert {getattr(row, column) for column in (*COLUMNS, "salt")} == {""}
    with pytest.raises(Shredded):
        open_identity(row)
    with pytest.raises(Shredded):  # even with the ciphertext of an old backup
        open_identity(reporters[0])
    assert everything(reporters[1])
    assert set(boxes_of("cases_reporter", [r.report_id for r in reporters])) == {
        str(r.report_id) for r in reporters[1:]
    }


def test_the_key_file_is_for_its_owner_only(key_file: Path) -> None:
    made = add_key(key_file)
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert load(key_file).current == made
    key_file.chmod(0o640)
    with pytest.raises(NoKey, match="others"):
        load(key_file)
    key_file.chmod(0o600)
    line = key_file.read_text()
    for damaged in ("", "no key\n", line.replace(line[20], "0" if line[20] != "0" else "1", 1)):
        key_file.write_text(damaged)
        with pytest.raises(NoKey):
            load(key_file)


def test_production_makes_no_key_of_its_own(settings, key_file: Path) -> None:
    settings.PRODUCTION = True
    with pytest.raises(NoKey):
        ring()
    assert not key_file.exists()


def test_a_box_for_anything(db: None) -> None:
    sealed = new_box("cases_draft", 7).seal("payload", "{}")
    assert box_of("cases_draft", 7).open("payload", sealed) == "{}"
    name, key = new_data_key()
    with pytest.raises(Unopened):
        Box("cases_draft", "7", name, key).open("payload", sealed)
