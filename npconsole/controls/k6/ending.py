"""What k6's exit code means. Codes: k6's errext/exitcodes, and what v1.1 was seen to do.

0 to its end, 99 thresholds crossed, 105 a signal, 108 and 110 the script's own abort and failure; the others are
failures of k6 or the script. A crossed threshold with `abortOnFail` is told from 99 by k6's words alone.
"""

from npconsole.model.load import LoadEnd

THRESHOLDS, SIGNAL, ABORTED, FAILED_BY_SCRIPT = 99, 105, 108, 110
_STOPPED_BY_REST = 103
_MEANINGS = {
    97: "the run in k6's cloud failed",
    98: "the progress of the run in k6's cloud could not be read",
    100: "setup() did not end in time",
    101: "teardown() did not end in time",
    104: "k6 refused the configuration",
    106: "k6's REST address is taken",
    107: "the script failed before it sent anything",
    109: "k6 itself crashed",
    137: "k6 was killed",
    255: "k6 could not start the load",
}


def end_of(code: int, *, stopped: bool, prematurely: bool) -> LoadEnd:
    """How a load ended. `stopped` is that we asked for it, `prematurely` that k6 said that a threshold aborted it."""
    if code == SIGNAL or (stopped and code in (130, 137, 143)):
        return LoadEnd.STOPPED
    if code == _STOPPED_BY_REST:
        return LoadEnd.STOPPED
    if code == ABORTED or (code == THRESHOLDS and prematurely):
        return LoadEnd.ABORTED
    if code in (0, THRESHOLDS, FAILED_BY_SCRIPT):
        return LoadEnd.STOPPED if stopped else LoadEnd.COMPLETE
    return LoadEnd.BROKEN


def meaning_of(code: int) -> str:
    """The code in words, for when k6 has said nothing else."""
    return _MEANINGS.get(code, f"k6 ended with exit code {code}")
