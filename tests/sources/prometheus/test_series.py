import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.errors import BadAnswerError
from npconsole.sources.prometheus.series import Series, parse


@pytest.mark.parametrize(
    ("result", "series"),
    [
        ([], ()),
        ([1.5, "2"], (Series({}, ((1.5, 2.0),)),)),
        ([{"metric": {"a": "b"}, "value": [1, "3.5"]}], (Series({"a": "b"}, ((1.0, 3.5),)),)),
        (
            [{"metric": {}, "values": [[1, "1"], [2, "NaN"], [3, "+Inf"], [4, "-Inf"]]}],
            (Series({}, ((1.0, 1.0), (2.0, None), (3.0, None), (4.0, None))),),
        ),
        (
            [{"metric": {}, "value": [1, "1"]}, {"metric": {"a": "b"}, "value": [1, "2"]}],
            (Series({}, ((1.0, 1.0),)), Series({"a": "b"}, ((1.0, 2.0),))),
        ),
    ],
)
def test_vectors_matrices_and_scalars(result: object, series: tuple[Series, ...]) -> None:
    assert parse(result) == series


@pytest.mark.parametrize("element", [{"metric": {}, "histogram": [1, {}]}, {"metric": {}, "histograms": [[1, {}]]}])
def test_a_native_histogram_says_what_to_wrap_it_in(element: dict[str, Any]) -> None:
    with pytest.raises(BadAnswerError, match="native histogram") as raised:
        parse([element])
    assert "histogram_quantile()" in raised.value.hint


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["NaN", "1e999", "1"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["metric", "value", "values", "histogram", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_whatever_comes_is_finite_figures_or_a_bad_answer(result: object) -> None:
    try:
        found = parse(result)
    except BadAnswerError:
        return
    values = [value for series in found for _, value in series.points]
    assert all(value is None or math.isfinite(value) for value in values)
    assert all(series.points for series in found)
