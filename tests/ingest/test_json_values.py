"""JSON objects however they are laid out, and what happens to the bad ones among them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import line_stream
from ingest.json_values import read_objects, split
from ingest.line_stream import beginning

LAYOUTS = {
    "lines": lambda objects: "".join(json.dumps(o) + "\n" for o in objects),
    "run together": lambda objects: "".join(json.dumps(o) for o in objects),
    "indented": lambda objects: "\n".join(json.dumps(o, indent=2) for o in objects),
    "array": json.dumps,
    "indented array": lambda objects: json.dumps(objects, indent=4) + "\n",
    "Windows lines": lambda objects: "\ufeff" + "".join(json.dumps(o) + "\r\n" for o in objects),
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
OBJECTS = st.lists(st.fixed_dictionaries({"id": st.integers(0, 99), "value": VALUES, "at": st.just("}{")}), min_size=1)


def loaded(text: str) -> Any:
    """What Python reads, big numbers rounded as ours are."""
    return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 20 else float(digits))


@given(objects=OBJECTS, layout=st.sampled_from(sorted(LAYOUTS)), piece=st.integers(1, 60))
def test_every_layout_and_piece_size_gives_the_objects(objects: list[Any], layout: str, piece: int) -> None:
    """However objects are written, and wherever reading in pieces cuts them, each comes out once and unchanged."""
    data = LAYOUTS[layout](objects).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_stream, "PIECE_BYTES", piece)
        found = [one for _, part in read_objects(io.BytesIO(data), beginning(), finished=True) for one in part]
    assert [one.value for one in found] == [loaded(json.dumps(o)) for o in objects]


@given(objects=OBJECTS, data=st.data())
def test_a_cut_line_costs_itself_alone(objects: list[Any], data: st.DataObject) -> None:
    """Of JSON Lines with one line cut anywhere, all other lines are found, and that one is refused with its number."""
    lines = [json.dumps(o) for o in objects]
    number = data.draw(st.integers(0, len(lines) - 1))
    cut = lines[number][: data.draw(st.integers(2, len(lines[number]) - 1))]
    text = "".join(f"{line}\n" for line in [*lines[:number], cut, *lines[number + 1 :]])
    found, used = split(text, 1)
    assert used == len(text)
    assert [(one.line_no, one.raw) for one in found if one.value is None] == [(number + 1, cut)]
    assert [one.value for one in found if one.value] == [loaded(x) for n, x in enumerate(lines) if n != number]


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_bad_object_costs_itself_alone(layout: str) -> None:
    """A value that is no JSON refuses its object; those before and behind it are read, in every layout."""
    text = LAYOUTS[layout]([{"id": 1}, {"id": "bad", "more": {"x": 1}}, {"id": 3}]).replace('"bad"', "nonsense")
    found, _ = split(text, 1, finished=True)
    assert [one.value and one.value["id"] for one in found] == [1, None, 3]


def test_hostile_json_is_a_sentence_each() -> None:
    """Nesting without end, an object without end and what is no object are refused; the next line is read."""
    deep = '{"a":' + "[" * 100_000 + "1" + "]" * 100_000 + "}"
    found, _ = split(f'{deep}\n"text"\n12\n{{"id": 1}}\n{{"id"', 1, finished=True)
    assert [one.line_no for one in found] == [1, 2, 3, 4, 5]
    assert [one.value for one in found] == [None, None, None, {"id": 1}, None]
    assert "nested" in str(found[0].reason) and "cut" in str(found[4].reason)


def test_an_unfinished_end_is_kept_back() -> None:
    """An object that is still being written is left: the position ends before it."""
    data = b'{"id": 1}\n{"id": '
    ((end, found),) = read_objects(io.BytesIO(data), beginning(), finished=False)
    assert (end.known_bytes, end.next_line, [one.value for one in found]) == (10, 2, [{"id": 1}])
