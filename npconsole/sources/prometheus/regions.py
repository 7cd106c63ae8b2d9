"""Which regions share a query: those told apart by the same label names, as many as fit into one address line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote_plus

from npconsole.config.blocks.watching import Families
from npconsole.sources.prometheus import promql
from npconsole.sources.prometheus.promql import Form, Selector
from npconsole.sources.prometheus.series import Series

Labels = Mapping[str, str]

LONGEST_QUERY = 6_000
"""Characters after encoding. The client puts queries into the URL also with POST, and proxies cut at 8 kB."""


def batches(labels: Mapping[str, Labels], families: Sequence[Families], window_s: float) -> list[dict[str, Labels]]:
    """The regions (id to labels) in groups that one query can ask for."""
    alike: dict[tuple[str, ...], dict[str, Labels]] = {}
    for region_id, own in labels.items():
        alike.setdefault(tuple(sorted(own)), {})[region_id] = own
    return [batch for group in alike.values() for batch in _split(group, families, window_s)]


def selector(labels: Mapping[str, Labels], ids: Iterable[str]) -> Selector:
    """What selects the series of these regions, which have the same label names."""
    rows = [labels[region_id] for region_id in ids]
    names = tuple(sorted(rows[0]))
    return Selector(names, tuple(tuple(row[name] for name in names) for row in rows))


def of_region(series: Iterable[Series], own: Labels) -> list[Series]:
    """The series with the region's labels; one query may bring others between."""
    return [each for each in series if all(each.labels.get(name, "") == value for name, value in own.items())]


def _split(group: dict[str, Labels], families: Sequence[Families], window_s: float) -> Iterator[dict[str, Labels]]:
    asked = selector(group, group)
    longest = max(len(quote_plus(promql.vitals(asked, Form(each, native=False), window_s))) for each in families)
    if longest <= LONGEST_QUERY or len(group) == 1:
        yield group
        return
    ids = list(group)
    half = len(ids) // 2
    for part in (ids[:half], ids[half:]):
        yield from _split({region_id: group[region_id] for region_id in part}, families, window_s)
