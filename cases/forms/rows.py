"""A field that is a short table: people invited, examiners, questions. Works without JavaScript.

In the browser each cell is an input ``name-<row>-<column>`` and a few empty rows are offered; in a scenario file or a
test the field simply gets a list of mappings. A choice starts empty, so that an untouched row is empty and dropped; a
half-filled row says which cell is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class RowsWidget(forms.Widget):
    """Draws the table; ``columns`` are (name, field)."""

    template_name = "django/forms/widgets/rows.html"
    use_fieldset = True  # many controls under one name: the name is a legend, not the first cell's label

    def __init__(self, columns: Mapping[str, forms.Field], *, spare: int, attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.columns = dict(columns)
        self.spare = spare

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        """The rows as typed, or the list given directly."""
        given = data.get(name)
        if isinstance(given, list | tuple) and all(isinstance(row, Mapping) for row in given):
            return [dict(row) for row in given]
        rows = []
        index = 0
        while any(f"{name}-{index}-{column}" in data for column in self.columns):
            rows.append(
                {
                    column: field.widget.value_from_datadict(data, files, f"{name}-{index}-{column}")
                    for column, field in self.columns.items()
                }
            )
            index += 1
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Never omitted: an absent table is an empty one."""
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first cell, so that the label and the error summary lead somewhere."""
        return f"{id_}_0_{next(iter(self.columns))}" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Rows for the template: each a list of cells with label and rendered input."""
        context = super().get_context(name, value, attrs)
        rows: Sequence[Mapping[str, Any]] = value if isinstance(value, list | tuple) else []
        base = context["widget"]["attrs"].get("id", f"id_{name}")
        drawn = []
        for index in range(max(len(rows) + 1, self.spare)):
            row = rows[index] if index < len(rows) else {}
            cells = []
            for column, field in self.columns.items():
                cell_id = f"{base}_{index}_{column}"
                cells.append(
                    {
                        "id": cell_id,
                        "label": field.label,
                        "input": field.widget.render(f"{name}-{index}-{column}", row.get(column), {"id": cell_id}),
                    }
                )
            drawn.append({"number": index + 1, "cells": cells})
        context["widget"]["rows"] = drawn
        return context


class RowsField(forms.Field):
    """A list of rows, each a dict of cleaned cells. ``least`` is how many are needed when required."""

    def __init__(self, columns: Mapping[str, forms.Field], *, spare: int = 3, most: int = 60, **kwargs: Any):
        self.columns = dict(columns)
        self.most = most
        super().__init__(widget=RowsWidget(self.columns, spare=spare), **kwargs)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Cleaned rows. Raises ValidationError naming row and column."""
        rows = []
        if not isinstance(value, list):
            raise ValidationError(_("This is not a list of rows."))
        for index, row in enumerate(value, start=1):
            if unknown := set(row) - set(self.columns):
                raise ValidationError(_("Row %(row)d: unknown column %(name)s."), params={
                    "row": index, "name": min(unknown)})  # fmt: skip
            if not any(str(cell).strip() for cell in row.values() if cell is not None):
                continue
            rows.append(self._clean_row(index, row))
        if self.required and not rows:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(rows) > self.most:
            raise ValidationError(_("At most %(most)d rows."), params={"most": self.most})
        return rows

    def _clean_row(self, index: int, row: Mapping[str, Any]) -> dict[str, Any]:
        cleaned = {}
        for name, field in self.columns.items():
            try:
                cleaned[name] = field.clean(row.get(name))
            except ValidationError as error:
                raise ValidationError(
                    _("Row %(row)d, %(label)s: %(error)s"),
                    params={"row": index, "label": field.label, "error": " ".join(error.messages)},
                ) from error
        return cleaned
