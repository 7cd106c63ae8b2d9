"""What a run touches: the share of live traffic on what it takes out, and how loaded the survivors are then. Pure."""

from collections.abc import Mapping, Sequence

from npconsole.model.run import BlastRadius
from npconsole.model.snapshot import Snapshot


def blast_radius(
    snapshot: Snapshot | None,
    *,
    rotation: Sequence[str],
    takes_out: Sequence[str],
    serving: Sequence[str],
    capacity: Mapping[str, float],
    objects: Sequence[str],
) -> BlastRadius:
    """Shares from the request rates of the rotation, utilisation from capacity in requests per second.

    The displaced traffic is spread over the regions that go on serving in proportion to what they serve now, evenly
    when they serve nothing. What was not measured is None, never zero.
    """
    rates = {each: request_rate(snapshot, each) for each in rotation}
    known = {each: rate for each, rate in rates.items() if rate is not None}
    complete, total = len(known) == len(rates), sum(known.values())
    displaced = sum(known.get(each, 0.0) for each in takes_out)
    survivors = [each for each in serving if each not in takes_out] if takes_out else []
    kept = sum(known.get(each, 0.0) for each in survivors)

    def utilisation(region_id: str) -> float | None:
        rate, most = known.get(region_id), capacity.get(region_id)
        if rate is None or not most or not complete:
            return None
        share = rate / kept if kept else 1 / len(survivors)
        return (rate + displaced * share) / most

    return BlastRadius(
        traffic_share=displaced / total if takes_out and complete and total else None,
        survivors=tuple((each, utilisation(each)) for each in survivors),
        objects=tuple(objects),
    )


def request_rate(snapshot: Snapshot | None, region_id: str) -> float | None:
    """Requests per second that a region serves; None when that is not measured."""
    state = snapshot.region(region_id) if snapshot is not None else None
    vitals = state.vitals.value if state is not None else None
    return vitals.request_rate if vitals is not None else None
