"""The canonical form equals RFC 8785's, and what has two readings is refused."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from cases.audit.canonical import LARGEST, NotCanonical, canonical, strict_loads

TEXT = st.text(st.characters(blacklist_categories=("Cs",)))
KEYS = st.text(st.characters(max_codepoint=0xD7FF))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_equal_to_the_library_byte_for_byte(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_is_stored_reads_back_to_the_same_bytes(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=3, ensure_ascii=False)):
        assert canonical(strict_loads(text)) == canonical(value)


@pytest.mark.parametrize(
    "value", [1.0, {"a": [1.5]}, float("nan"), 2**53, {1: 2}, "\ud800", {"\ue000": 1}, b"x", {1, 2}, object()]
)
def test_what_has_no_single_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 1}', '{"a": {"b": 1, "b": 2}}', "1.0", "[1e3]", "NaN", "9007199254740993", "{", "[1,]"]
)
def test_text_that_two_readers_read_differently_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        strict_loads(text)
