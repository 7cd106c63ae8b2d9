"""Which thresholds are crossed, by the engine's word where it gave one, else by the figures.

At the end of a load the engine's word counts: its figures are exact, those of histograms within 1 %. A load that was
broken off is read by both.
"""

from npconsole.model.load import Load, LoadEnd, LoadResult, Threshold, ThresholdState


def crossings(load: Load, result: LoadResult) -> tuple[tuple[ThresholdState, bool | None], ...]:
    """Every threshold with whether it is crossed: those read, those asked for, and those that only the engine names.

    None: nobody knows.
    """
    states = {state.threshold: state for state in result.figures.thresholds}
    every = dict.fromkeys((*states, *load.thresholds, *(result.crossed or ())))
    return tuple(
        (
            states.get(threshold) or ThresholdState(threshold, None),
            _is_crossed(threshold, states.get(threshold), result),
        )
        for threshold in every
    )


def disputed(result: LoadResult) -> tuple[tuple[ThresholdState, bool], ...]:
    """The thresholds that figures and engine read differently, with the engine's word."""
    if result.crossed is None:
        return ()
    return tuple(
        (state, said)
        for state in result.figures.thresholds
        if state.crossed is not None and state.crossed != (said := state.threshold in result.crossed)
    )


def _is_crossed(threshold: Threshold, state: ThresholdState | None, result: LoadResult) -> bool | None:
    own = state.crossed if state is not None else None
    if result.crossed is None:
        return own
    if threshold in result.crossed:
        return True
    if result.end is not LoadEnd.COMPLETE:
        return own
    # An engine calls a threshold kept also when its metric has no samples.
    return None if state is not None and own is None else False
