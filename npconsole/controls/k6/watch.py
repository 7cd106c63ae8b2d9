"""The thresholds of a load while its points come in: each measures its samples, and says where it stands."""

from collections.abc import Mapping, Sequence

from npconsole.controls.k6.measure import Measure, judge, to_measure
from npconsole.controls.k6.sample import MetricData, to_tagged
from npconsole.controls.k6.threshold import Selector, to_selector
from npconsole.model.load import Threshold, ThresholdState
from npconsole.net.text import clean

MOST_THRESHOLDS = 100
COUNTERS = ("http_reqs", "iterations", "dropped_iterations", "data_sent", "data_received")
"""Those of k6's own that it says nothing of as long as they are 0."""


class ThresholdWatch:
    """Thresholds that are given, and those that the output declares. `built_in` is measured by somebody else anyhow."""

    def __init__(self, thresholds: Sequence[Threshold], built_in: Mapping[Selector, Measure]) -> None:
        self._thresholds = dict.fromkeys(thresholds)
        self._kinds: dict[str, str] = dict.fromkeys(COUNTERS, "counter")
        self._built_in = built_in
        self._measures: dict[Selector, Measure] = {}
        self._plain: dict[bytes, Measure] = {}
        self._tagged: dict[bytes, list[tuple[Selector, Measure]]] = {}
        self._prepare()

    @property
    def metrics(self) -> tuple[bytes, ...]:
        """The metrics whose samples are to be recorded here."""
        return (*self._plain, *self._tagged)

    def has_tags(self, metric: bytes) -> bool:
        """Whether a threshold is about some samples of a metric only."""
        return metric in self._tagged

    def declare(self, metric: MetricData) -> None:
        """A metric is about to come: the thresholds on it can be measured from now on."""
        if len(self._thresholds) + len(metric.expressions) <= MOST_THRESHOLDS:
            for expression in metric.expressions:
                self._thresholds.setdefault(Threshold(clean(metric.name), clean(expression)))
        self._kinds[metric.name] = metric.type
        self._prepare()

    def record(self, metric: bytes, line: bytes, value: float | None) -> None:
        """A sample, and its line for those who look at its tags; None for a value that is of no use without them."""
        plain = self._plain.get(metric)
        if plain is not None and value is not None:
            plain.record(value)
        tagged = self._tagged.get(metric)
        if tagged:
            data = to_tagged(line).data
            for selector, measure in tagged:
                if selector.fits(data.tags or {}):
                    measure.record(data.value)

    def states(self, elapsed_s: float) -> tuple[ThresholdState, ...]:
        """Where each threshold stands, in the order in which they were given and declared."""
        return tuple(self._state(threshold, elapsed_s) for threshold in self._thresholds)

    def _state(self, threshold: Threshold, elapsed_s: float) -> ThresholdState:
        selector = _selector(threshold)
        try:
            return judge(threshold, self._measures.get(selector) if selector is not None else None, elapsed_s)
        except ValueError:
            return ThresholdState(threshold, None)

    def _prepare(self) -> None:
        """Have a measure for each threshold whose metric's kind is known."""
        for threshold in self._thresholds:
            selector = _selector(threshold)
            kind = self._kinds.get(selector.metric) if selector is not None else None
            if selector is not None and kind is not None and selector not in self._measures:
                self._begin(selector, kind)

    def _begin(self, selector: Selector, kind: str) -> None:
        if selector in self._built_in:
            self._measures[selector] = self._built_in[selector]
            return
        measure, metric = to_measure(kind), selector.metric.encode()
        if measure is None:
            return
        self._measures[selector] = measure
        if selector.tags:
            self._tagged.setdefault(metric, []).append((selector, measure))
        else:
            self._plain[metric] = measure


def _selector(threshold: Threshold) -> Selector | None:
    try:
        return to_selector(threshold.metric)
    except ValueError:
        return None
