"""What comes in and what goes out, column by column. Nothing is taken or given that is not named here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.results import Result

from accounts.models import Officer
from cases.catalogue.models import PositionClass, Rank
from cases.clock import today
from cases.exchange.cells import plain
from cases.fields import Where, shown
from cases.models import Case, Employee
from cases.models.employee import EMPLOYMENT
from cases.nip import PPPK, parse
from cases.services.errors import Refused
from cases.services.registry import WRITTEN, add_employees, change_employees, check_registrar
from cases.workflow import STAGES

#: Column heads of the registry file. Offices write them in many ways; each known way leads to one field.
HEADS: dict[str, tuple[str, ...]] = {
    "nip": ("nip", "nip nipppk", "nip ni pppk", "nomor induk pegawai"),
    "name": ("nama", "name", "nama lengkap", "nama pegawai"),
    "employment": ("status kepegawaian", "employment", "jenis kepegawaian", "status asn", "jenis asn"),
    "unit": ("unit kerja", "unit", "perangkat daerah", "opd", "satuan kerja"),
    "position": ("jabatan", "position", "nama jabatan"),
    "position_class": ("kelas jabatan", "position class", "jenis jabatan", "kode kelas jabatan"),
    "rank": ("golongan", "rank", "gol", "gol ruang", "golongan ruang"),
    "is_active": ("aktif", "is active", "active", "status aktif"),
}
OPTIONAL = frozenset({"rank", "is_active"})
#: Words for yes and no. An empty cell means that the person is in service.
YES = frozenset({"", "ya", "y", "yes", "aktif", "true", "1"})
NO = frozenset({"tidak", "t", "n", "no", "nonaktif", "tidak aktif", "false", "0"})


def _key(head: str) -> str:
    """A column head without case, punctuation and underscores."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", head.lower()).split())


FIELD_OF_HEAD: dict[str, str] = {_key(head): field for field, heads in HEADS.items() for head in heads}


class EmployeeResource(ModelResource):
    """The registry file of one employer. A row belongs to whoever imports it; a NIP held by another is an error."""

    nip = Field(attribute="nip", column_name="nip")
    name = Field(attribute="name", column_name="nama")
    employment = Field(attribute="employment", column_name="status_kepegawaian")
    unit = Field(attribute="unit", column_name="unit_kerja")
    position = Field(attribute="position", column_name="jabatan")
    position_class = Field(attribute="position_class", column_name="kelas_jabatan")
    rank = Field(attribute="rank", column_name="golongan")
    is_active = Field(attribute="is_active", column_name="aktif")

    class Meta:
        model = Employee
        fields = ("nip", *WRITTEN)
        import_id_fields = ("nip",)
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = None
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        store_instance = True
        store_row_values = True
        clean_model_instances = False  # one query a row; ``_problems`` says the same with none

    def __init__(self, *, officer: Officer | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.officer = officer

    # ---- going out
    def get_queryset(self) -> QuerySet[Employee]:
        """Rows of the own institution only."""
        if self.officer is None:
            return Employee.objects.none()
        return Employee.objects.filter(employer=self.officer.institution)

    def dehydrate_is_active(self, employee: Employee) -> str:
        """As the import reads it."""
        return "ya" if employee.is_active else "tidak"

    # ---- coming in
    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Check the desk and the columns, clean every cell, and learn what the reference data allow."""
        self._lines: list[int] = getattr(dataset, "lines", [])
        given = [list(row) for row in dataset]
        heads = list(dataset.headers or [])
        # Emptied first: when something is refused below, the library goes on with what is left, which is nothing.
        dataset.wipe()
        dataset.headers = [field.column_name for field in self.fields.values()]
        self.officer = check_registrar(self.officer)
        fields = self._fields_of(heads)
        rows = [dict(zip(fields, map(plain, row), strict=True)) for row in given]
        for row in rows:
            row["nip"] = re.sub(r"[\s.\-]", "", row["nip"])
            row["employment"] = row["employment"].upper()
        on = today(self.officer.institution.timezone)
        classes = list(PositionClass.objects.in_force(on).values_list("code", "name"))
        self._classes = {word.casefold(): code for code, name in classes for word in (code, name)}
        self._ranks = set(Rank.objects.values_list("employment", "code"))
        self._seen: dict[str, int] = {}
        self._foreign = self._held_elsewhere(row["nip"] for row in rows)
        dataset.headers = [self.fields[field].column_name for field in fields]
        for row in rows:
            dataset.append([row[field] for field in fields])

    def line(self, number: int) -> int:
        """The sheet's row of the ``number``-th row below the head."""
        return self._lines[number - 1] if number <= len(self._lines) else number + 1

    def _fields_of(self, heads: Iterable[str]) -> list[str]:
        fields = []
        for head in heads:
            field = FIELD_OF_HEAD.get(_key(plain(head)))
            if field is None:
                raise ValidationError(_("The column “%(head)s” is not known here."), params={"head": plain(head)[:60]})
            if field in fields:
                raise ValidationError(_("The column “%(head)s” is there twice."), params={"head": plain(head)[:60]})
            fields.append(field)
        missing = [self.fields[name].column_name for name in HEADS if name not in fields and name not in OPTIONAL]
        if missing:
            raise ValidationError(_("Columns are missing: %(names)s."), params={"names": ", ".join(missing)})
        return fields

    def _held_elsewhere(self, nips: Iterable[str]) -> set[str]:
        others = (
            Employee.objects.exclude(employer=self.officer.institution) if self.officer else Employee.objects.none()
        )
        return set(others.filter(nip__in=set(nips)).values_list("nip", flat=True))

    def import_instance(self, instance: Employee, row: Any, **kwargs: Any) -> None:
        """Put the cleaned cells onto the instance. Raises ValidationError by field."""
        cells = {name: str(row.get(field.column_name, "") or "") for name, field in self.fields.items()}
        errors = self._problems(cells, kwargs["row_number"])
        for name in ("nip", *WRITTEN):
            if self.fields[name].column_name in row and name != "is_active":
                setattr(instance, name, cells[name])
        instance.position_class = self._classes.get(cells["position_class"].casefold(), cells["position_class"])
        if self.fields["is_active"].column_name in row:
            instance.is_active = cells["is_active"].casefold() in YES
        if errors:
            raise ValidationError(errors)

    def _problems(self, cells: dict[str, str], number: int) -> dict[str, str]:
        errors: dict[str, str] = {}
        for name in HEADS:
            longest = getattr(Employee._meta.get_field(name), "max_length", None)
            if not cells[name] and name not in OPTIONAL:
                errors[name] = _("This cell is empty.")
            elif longest and name != "nip" and len(cells[name]) > longest:
                errors[name] = _("Longer than %(most)d characters.") % {"most": longest}
        if "nip" not in errors and (sentence := self._nip_problem(cells, number)):
            errors["nip"] = sentence
        if "employment" not in errors and cells["employment"] not in dict(EMPLOYMENT):
            errors["employment"] = _("One of: %(names)s.") % {"names": ", ".join(code for code, _label in EMPLOYMENT)}
        if "position_class" not in errors and cells["position_class"].casefold() not in self._classes:
            errors["position_class"] = _("This position class is not in the reference data.")
        scale = PPPK if cells["employment"] == PPPK else "PNS"
        if cells["rank"] and "employment" not in errors and (scale, cells["rank"]) not in self._ranks:
            errors["rank"] = _("This rank does not exist for %(employment)s.") % {"employment": cells["employment"]}
        if cells["is_active"].casefold() not in YES | NO:
            errors["is_active"] = _("Write “ya” or “tidak”.")
        return errors

    def _nip_problem(self, cells: dict[str, str], number: int) -> str:
        nip = cells["nip"]
        if re.fullmatch(r"\d+E\+?\d+", nip, re.IGNORECASE):
            return _("The spreadsheet has rounded this NIP. Format the column as text and type it again.")
        try:
            parsed = parse(nip)
        except ValidationError as error:
            return " ".join(error.messages)
        first = self._seen.setdefault(nip, number)
        if first != number:
            return _("The same NIP stands in row %(row)d.") % {"row": self.line(first)}
        if nip in self._foreign:
            return _("This NIP is kept by another employer.")
        if (parsed.employment == PPPK) != (cells["employment"] == PPPK):
            return _("The digits of this NIP do not fit “%(employment)s”.") % {"employment": cells["employment"]}
        return ""

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Leave out a row in which nothing changed."""
        if import_validation_errors or original.pk is None:
            return False
        return all(getattr(instance, name) == getattr(original, name) for name in WRITTEN)

    # ---- writing: the service does it
    def bulk_create(self, using_transactions: bool, dry_run: bool, raise_errors: bool,
                    batch_size: int | None = None, result: Result | None = None) -> None:  # fmt: skip
        """Hand new employees to the service, unless this is a trial."""
        self._write(add_employees, self.create_instances, dry_run, raise_errors, result)

    def bulk_update(self, using_transactions: bool, dry_run: bool, raise_errors: bool,
                    batch_size: int | None = None, result: Result | None = None) -> None:  # fmt: skip
        """Hand changed employees to the service, unless this is a trial."""
        self._write(change_employees, self.update_instances, dry_run, raise_errors, result)

    def _write(self, write: Any, employees: list[Employee], dry_run: bool, raise_errors: bool, result: Any) -> None:
        try:
            if employees and not dry_run:
                write(actor=self.officer, employees=list(employees))
        except (Refused, DatabaseError) as error:
            self.handle_import_error(result, error, raise_errors)
        finally:
            employees.clear()


class CaseResource(ModelResource):
    """The list of cases an officer may see. No reporter, no witness, no internal text; never the state's name."""

    number = Field(attribute="number", column_name="nomor_portal")
    registration_number = Field(attribute="registration_number", column_name="nomor_registrasi")
    stage = Field(column_name="tahap")
    status = Field(column_name="status")
    subject_name = Field(attribute="subject_name", column_name="nama")
    subject_nip = Field(attribute="subject_nip", column_name="nip")
    employment = Field(attribute="employment", column_name="status_kepegawaian")
    position = Field(column_name="jabatan")
    unit = Field(column_name="unit_kerja")
    election = Field(attribute="report__election__name", column_name="pemilihan")
    occurred_on = Field(attribute="report__occurred_on", column_name="tanggal_perbuatan")
    opened_on = Field(attribute="opened_on", column_name="dibuka")
    violation = Field(attribute="violation__code", column_name="pelanggaran")
    bawaslu = Field(attribute="bawaslu__short_name", column_name="pengawas")
    reviewer = Field(attribute="reviewer__short_name", column_name="peninjau")
    employer = Field(attribute="employer__short_name", column_name="instansi")
    finding = Field(column_name="hasil_telaah")
    recommended_level = Field(column_name="tingkat_rekomendasi")
    sanction = Field(column_name="sanksi")
    due_on = Field(attribute="due_on", column_name="tenggat")

    class Meta:
        model = Case
        fields = (
            "number", "registration_number", "stage", "status", "subject_name", "subject_nip", "employment", "position",
            "unit", "election", "occurred_on", "opened_on", "violation", "bawaslu", "reviewer", "employer", "finding",
            "recommended_level", "sanction", "due_on",
        )  # fmt: skip
        export_order = fields

    def __init__(self, *, officer: Officer | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.officer = officer

    def get_export_fields(self, selected_fields: list[str] | None = None) -> list[Field]:
        """The columns this kind of institution may take out (``cases.fields``), whatever was asked for."""
        kind = self.officer.desk.kind if self.officer else None
        open_ = [name for name in self.fields if kind is not None and shown(name, kind, Where.EXPORT)]
        wanted = [name for name in open_ if not selected_fields or name in selected_fields]
        return [self.fields[name] for name in self.get_export_order() if name in wanted]

    def get_queryset(self) -> QuerySet[Case]:
        """Cases through the one door."""
        return Case.objects.visible_to(self.officer)

    def filter_export(self, queryset: QuerySet[Case], **kwargs: Any) -> QuerySet[Case]:
        """Whatever list was asked for, only what the officer may see leaves; all of it in two queries."""
        rows = queryset.visible_to(self.officer)  # type: ignore[attr-defined]
        return rows.select_related("report__election", "violation", "bawaslu", "reviewer", "employer").prefetch_related(
            "decisions__sanction"
        )

    def import_data(self, *args: Any, **kwargs: Any) -> Result:
        """Refused: cases come from reports, never from a file."""
        raise NotImplementedError("cases are not imported")

    def dehydrate_stage(self, case: Case) -> str:
        """Stage in words."""
        return _(STAGES[case.place.stage]).format(reviewer=case.reviewer.short_name if case.reviewer else "")

    def dehydrate_status(self, case: Case) -> str:
        """Where the case stands, in words."""
        return _(case.place.label)

    def dehydrate_position(self, case: Case) -> str:
        """As registered; before that, as reported."""
        return case.snapshot.get("position") or case.reported_position

    def dehydrate_unit(self, case: Case) -> str:
        """As registered; before that, as reported."""
        return case.snapshot.get("unit") or case.reported_unit

    def dehydrate_finding(self, case: Case) -> str:
        """The reviewer's finding in words."""
        return str(case.get_finding_display()) if case.finding else ""

    def dehydrate_recommended_level(self, case: Case) -> str:
        """The level recommended in words."""
        return str(case.get_recommended_level_display()) if case.recommended_level else ""

    def dehydrate_sanction(self, case: Case) -> str:
        """The sanction that stands, if any."""
        return next((row.sanction.name for row in case.decisions.all() if row.void_on is None), "")

    @classmethod
    def get_display_name(cls) -> str:
        """What the file is called."""
        return "perkara"
