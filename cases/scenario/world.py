"""The institutions, officers and employees a scenario needs: made when missing, left alone when there.

What an office or an administrator has changed meanwhile stays as it is; only a contradiction about *who* it is (another
kind of institution, another person under the same NIP or e-mail) is an error.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import Institution, Officer, User
from cases.clock import now
from cases.models import Employee, PositionClass, Rank
from cases.nip import parse
from cases.scenario.errors import ScenarioError
from cases.scenario.keys import Keys, unknown
from cases.scenario.schema import World
from cases.scenario.source import Block

INSTITUTION_TEXTS = (
    "code", "kind", "name", "short_name", "region", "region_name", "region_type", "place", "address", "contact",
    "head_title", "decree_title", "decree_region", "area_code", "archive_code", "timezone", "note",
)  # fmt: skip
OFFICER_TEXTS = ("role", "name", "nip", "position", "rank")
EMPLOYEE_TEXTS = ("name", "employment", "unit", "position", "position_class", "rank")

Row = TypeVar("Row", bound=models.Model)


class Stage:
    """The world as rows, shared by all scenarios played together, so that each row is looked up once."""

    def __init__(self) -> None:
        self.institutions: dict[str, Institution] = {}
        self.officers: dict[tuple[str, str, str], Officer] = {}
        self.users: dict[str, User] = {}
        self.employees: dict[str, Employee] = {}
        self.classes = set(PositionClass.objects.values_list("code", flat=True))
        self.ranks = set(Rank.objects.values_list("code", flat=True))

    def set_up(self, world: World) -> dict[str, Officer]:
        """Make what is missing; returns the officers by their id in the file. Raises ScenarioError."""
        if not self.institutions:
            self.institutions = {row.code: row for row in Institution.objects.all()}
            self.officers = {
                (row.user.email, row.institution.code, row.role): row
                for row in Officer.objects.select_related("user", "institution")
            }
            self.users = {row.email: row for row in User.objects.all()}
            self.employees = {row.nip: row for row in Employee.objects.select_related("employer")}
        for file, block in world.institutions:
            self._institution(file, block)
        officers: dict[str, Officer] = {}
        for file, block in world.officers:
            name, officer = self._officer(file, block)
            if officers.setdefault(name, officer).pk != officer.pk:
                raise ScenarioError(f"officer id “{name}” stands for two desks", file=file, line=block.line)
        for file, block in world.employees:
            self._employee(file, block)
        return officers

    def _institution(self, file: str, block: Block) -> None:
        code = block.get("code")
        part = f"institution {code}"
        with Keys.of(block, file=file, part=part) as keys:
            defaults: dict[str, str | None] = {"timezone": "Asia/Jakarta"}
            needed = {"code", "kind", "name", "short_name", "place", "head_title"}
            values: dict[str, Any] = {
                name: keys.text(name, defaults.get(name, None if name in needed else "")) for name in INSTITUTION_TEXTS
            }
            values["letterhead"] = keys.texts("letterhead")
            values["number_formats"] = dict(keys.mapping("number_formats"))
            values["valid_from"], values["valid_to"] = keys.date("valid_from"), keys.maybe_date("valid_to")
            successor = keys.text("successor", "")
            if successor:
                values["successor"] = self._found(self.institutions, successor, keys, "successor", "institution")
            old = self.institutions.get(values["code"])
            if old is None:
                self.institutions[values["code"]] = save(Institution(**values), keys)
            elif old.kind != values["kind"]:
                keys.fail(f"“{old.code}” already exists as another kind of institution ({old.kind})", "kind")

    def _officer(self, file: str, block: Block) -> tuple[str, Officer]:
        with Keys.of(block, file=file, part=f"officer {block.get('id')}") as keys:
            name = keys.text("id")
            institution = self._found(
                self.institutions, keys.text("institution"), keys, "institution", "institution"
            )  # fmt: skip
            email = keys.text("email").lower()
            values: dict[str, Any] = {
                text: keys.text(text, "" if text in ("nip", "rank") else None) for text in OFFICER_TEXTS
            }
            values["valid_from"], values["valid_to"] = keys.maybe_date("valid_from"), keys.maybe_date("valid_to")
            if kept := keys.text("administers", ""):
                values["administers"] = self._found(self.institutions, kept, keys, "administers", "institution")
            old = self.officers.get((email, institution.code, values["role"]))
            if old is not None:
                if old.name != values["name"]:
                    keys.fail(f"{email} already sits at this desk as {old.name}", "name")
                return name, old
            officer = save(Officer(user=self._user(email, keys), institution=institution, **values), keys)
            self.officers[email, institution.code, officer.role] = officer
            return name, officer

    def _user(self, email: str, keys: Keys) -> User:
        user = self.users.get(email)
        if user is None:
            user = User(username=email, email=email)
            user.set_unusable_password()
            self.users[email] = save(user, keys)
        return self.users[email]

    def _employee(self, file: str, block: Block) -> None:
        with Keys.of(block, file=file, part=f"employee {block.get('nip')}") as keys:
            try:
                nip = parse(keys.text("nip")).digits
            except ValidationError as error:
                keys.fail(" ".join(error.messages), "nip")
            employer = self._found(self.institutions, keys.text("employer"), keys, "employer", "institution")
            values: dict[str, Any] = {text: keys.text(text, "" if text == "rank" else None) for text in EMPLOYEE_TEXTS}
            if values["position_class"] not in self.classes:
                keys.fail(unknown(values["position_class"], self.classes, "position class"), "position_class")
            if values["rank"] and values["rank"] not in self.ranks:
                keys.fail(unknown(values["rank"], self.ranks, "rank"), "rank")
            old = self.employees.get(nip)
            if old is None:
                row = Employee(nip=nip, employer=employer, updated_at=now(), **values)
                self.employees[nip] = save(row, keys)
            elif old.name != values["name"]:
                keys.fail(f"this NIP already belongs to {old.name}", "nip")

    @staticmethod
    def _found(rows: dict[str, Any], code: str, keys: Keys, key: str, what: str) -> Any:
        if code not in rows:
            keys.fail(unknown(code, rows, what), key)
        return rows[code]


def save(row: Row, keys: Keys) -> Row:
    """Check and insert a row. Raises ScenarioError naming the key at fault."""
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        keys.fail(f"{name}: {' '.join(messages)}", name)
    row.save(force_insert=True)
    return row
