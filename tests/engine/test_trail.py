"""A trail keeps the latest samples in order, and gives back what it was given."""

from hypothesis import given
from hypothesis import strategies as st

from npconsole.engine.trail import Trail
from npconsole.model.vitals import Sample

FIGURE = st.none() | st.floats(0, 1e9)
SAMPLES = st.lists(
    st.builds(Sample, st.integers(0, 500).map(float), FIGURE, FIGURE, FIGURE, FIGURE, FIGURE), max_size=60
)


def rising(samples: list[Sample]) -> list[Sample]:
    kept: list[Sample] = []
    for sample in samples:
        if not kept or sample.wall > kept[-1].wall:
            kept.append(sample)
    return kept


@given(SAMPLES, st.integers(1, 20), st.integers(0, 500), st.integers(0, 500))
def test_a_trail_is_the_tail_of_a_list(samples: list[Sample], capacity: int, start: int, end: int) -> None:
    trail = Trail(capacity)
    for sample in samples:
        trail.append(sample)
    kept = rising(samples)[-capacity:]
    assert list(trail.between(float("-inf"), float("inf"))) == kept
    assert list(trail.between(start, end)) == [sample for sample in kept if start <= sample.wall <= end]


@given(SAMPLES, SAMPLES, st.integers(1, 20))
def test_history_goes_before_what_is_live(older: list[Sample], live: list[Sample], capacity: int) -> None:
    trail = Trail(capacity)
    for sample in live:
        trail.append(sample)
    before = list(trail.between(float("-inf"), float("inf")))
    trail.prepend(rising(older))
    after = list(trail.between(float("-inf"), float("inf")))
    assert after[-len(before) :] == before or not before
    assert len(after) <= capacity
    assert after == rising(after)
    assert set(after) <= {*older, *live}


def test_a_thousand_full_trails_stay_small() -> None:
    trail = Trail(720)
    for second in range(2000):
        trail.append(Sample(float(second), 1.0, 2.0, 3.0, 4.0, 0.0))
    assert len(trail) == 720
