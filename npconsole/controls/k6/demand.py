"""What a load asks for: whether it makes sense, which calls it makes, and what it is judged by when it does not say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.controls.k6 import ramp
from npconsole.controls.k6.settings import Call, Settings
from npconsole.controls.k6.threshold import to_expression, to_selector
from npconsole.errors import UsageError
from npconsole.model import quantity
from npconsole.model.load import Load, Threshold
from npconsole.net.text import clean

SHORTEST_S = 1.0
HIGHEST_RATE = 100_000.0
REACH = 1.25
"""A throughput is asked for where a target that answers at once would reach it with this much to spare."""


def check(load: Load, settings: Settings) -> None:
    """Raise UsageError when the load makes no sense, or is more than is allowed."""
    if not math.isfinite(load.duration_s) or load.duration_s < SHORTEST_S:
        raise UsageError(f"a load of {load.duration_s:g} s is too short", hint=f"at least {SHORTEST_S:g} s")
    if load.duration_s > settings.longest_s:
        longest = quantity.duration(settings.longest_s)
        raise UsageError(
            f"a load of {quantity.duration(load.duration_s)} is too long", hint=f"benchmark.longest is {longest}"
        )
    if not 1 <= load.users <= settings.most_users:
        hint = f"1 to {settings.most_users} (benchmark.most_users)"
        raise UsageError(f"{load.users} is no number of users for a load", hint=hint)
    if load.rate is not None and not 0 < load.rate <= HIGHEST_RATE:
        raise UsageError(f"{load.rate:g} is no rate for a load", hint="iterations per second, more than 0")
    for threshold in load.thresholds:
        _check_threshold(threshold)


def _check_threshold(threshold: Threshold) -> None:
    try:
        to_selector(threshold.metric)
        to_expression(threshold.expression)
    except ValueError as error:
        raise UsageError(f"the threshold {clean(threshold)}: {error}") from None


@dataclass(frozen=True, slots=True)
class Mix:
    """The calls of the built-in scenario that a load makes, and in words those that are left out."""

    calls: tuple[Call, ...]
    notes: tuple[str, ...] = ()

    @property
    def needs_login(self) -> bool:
        """Whether any of them does."""
        return any(call.login for call in self.calls)


def mix(load: Load, settings: Settings) -> Mix:
    """What is sent. Raises UsageError when nothing is."""
    secret = "their credentials do not leave this host" if load.cloud else "benchmark.email and password, or token"
    may_log_in = settings.has_credentials and not load.cloud
    no_login = [call for call in settings.calls if call.login and not may_log_in]
    no_asset = [call for call in settings.calls if not call.path and not load.asset]
    notes = []
    if no_login:
        reason = f"k6's cloud cannot log in: {secret}" if load.cloud else f"no credentials are configured ({secret})"
        notes.append(f"left out, for {reason}: {_names(no_login)}")
    if no_asset:
        notes.append(f"left out, for {load.target} has no asset_url: {_names(no_asset)}")
    calls = tuple(call for call in settings.calls if call not in no_login and call not in no_asset and call.chance > 0)
    if not calls:
        raise UsageError(f"no call is left to send to {load.target}", hint="; ".join(notes) or "see benchmark.calls")
    return Mix(calls, tuple(notes))


def thresholds(load: Load, settings: Settings, sent: Mix | None) -> tuple[tuple[Threshold, ...], tuple[str, ...]]:
    """What the load is judged by, and a note. Its own thresholds when it has some, else the configured ones.

    `sent` is None for a script of one's own, whose throughput nobody knows beforehand.
    """
    if load.thresholds:
        return load.thresholds, ()
    found = [
        Threshold("http_req_duration", f"p(95)<{settings.p95_ms:g}"),
        Threshold("http_req_failed", f"rate<{settings.error_ratio:g}"),
    ]
    if not settings.min_rate or sent is None:
        return tuple(found), ()
    reachable = most_rate(load, settings, sent)
    if reachable >= settings.min_rate * REACH:
        found.append(Threshold("http_reqs", f"rate>={settings.min_rate:g}"))
        return tuple(found), ()
    note = (
        f"throughput is not judged: this load sends {quantity.rate(reachable)} at most, "
        f"too near to benchmark.min_rate ({quantity.rate(settings.min_rate)})"
    )
    return tuple(found), (note,)


def most_rate(load: Load, settings: Settings, sent: Mix) -> float:
    """Requests per second, in the mean over the load, of a target that answers at once."""
    per_iteration = sum(call.chance for call in sent.calls)
    if load.rate is not None:
        return load.rate * ramp.MEAN_SHARE * per_iteration
    return load.users * ramp.MEAN_SHARE * per_iteration / settings.think_s if settings.think_s else math.inf


def _names(calls: Sequence[Call]) -> str:
    return ", ".join(call.name for call in calls)
