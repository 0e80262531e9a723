"""The way back from a record to what it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import patched, reverse_patch

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False)
    | st.text(max_size=2)
)
records = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=3)
    ),
)


@pytest.mark.law
@given(records, records)
def test_a_reverse_patch_leads_back(now, was):
    back = json.loads(json.dumps(reverse_patch(now, was)))
    assert json.dumps(patched(now, back), sort_keys=True) == json.dumps(was, sort_keys=True)


@pytest.mark.law
@given(records)
def test_no_change_is_no_patch(record):
    assert reverse_patch(record, json.loads(json.dumps(record))) == {}


@pytest.mark.law
@given(st.lists(records, min_size=1, max_size=4))
def test_patches_lead_back_one_by_one(states):
    """However many changes, from the last state to the first."""
    record = states[-1]
    for was, now in zip(reversed(states[:-1]), reversed(states[1:]), strict=True):
        record = patched(record, reverse_patch(now, was))
    assert json.dumps(record, sort_keys=True) == json.dumps(states[0], sort_keys=True)


def test_patches_of_long_records_are_short():
    """One row of 500 changed, or gone: the patch holds that row only."""
    rows = [
        {"title": f"Hàng {number}", "years": {"2021": "2", "2022": "3"}} for number in range(500)
    ]
    changed = [dict(row) for row in rows]
    changed[250] = {"title": "Hàng khác", "years": {"2021": "2", "2022": "4"}}
    assert len(json.dumps(reverse_patch({"rows": changed}, {"rows": rows}))) < 200
    assert len(json.dumps(reverse_patch({"rows": rows[:250] + rows[251:]}, {"rows": rows}))) < 200
