"""How actions behave in time, and how much they may do: one place, from configuration, fast in tests."""

from dataclasses import dataclass

from npconsole.config.schema import Config


@dataclass(frozen=True, slots=True)
class Pace:
    """Durations in seconds.

    A lease lasts `lease_ttl_s` and is renewed each `renew_s`; abort and operator are asked after each `beat_s`. A call
    takes at most `call_timeout_s`, and needs a lease that lasts `lease_margin_s` longer. After an undo or an unknown
    outcome the world is read each `reread_s` until it was quiet for `settle_s`, never less than two call time-outs.
    """

    lease_ttl_s: float = 60.0
    renew_s: float = 15.0
    lease_margin_s: float = 5.0
    beat_s: float = 5.0
    call_timeout_s: float = 15.0
    read_timeout_s: float = 15.0
    reread_s: float = 5.0
    settle_s: float = 30.0
    operator_silence_s: float = 60.0
    facts_last_s: float = 30.0
    retry_s: float = 5.0
    longest_retry_s: float = 60.0
    page_every_s: float = 60.0
    orphaned_s: float = 120.0

    @property
    def quiet_s(self) -> float:
        """How long the world must stay as it is before nothing late can come any more."""
        return max(self.settle_s, 2 * self.call_timeout_s)

    @property
    def heed_s(self) -> float:
        """How long an action may take to heed a stop: a call that is out, and a reading after it."""
        return self.call_timeout_s + self.read_timeout_s + 2 * self.reread_s


@dataclass(frozen=True, slots=True)
class Budget:
    """How often a service may be restarted. The pause doubles with each restart up to `cool_down_cap_s`.

    `heals_per_hour` is for the healer, in all.
    """

    per_hour: int = 2
    per_day: int = 4
    cool_down_s: float = 600.0
    cool_down_cap_s: float = 7200.0
    heals_per_hour: int = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """All of it. `read_only` refuses everything that changes anything. In a rehearsal the memory's ages count `speed`
    times.
    """

    pace: Pace = Pace()
    budget: Budget = Budget()
    read_only: bool = False
    speed: float = 1.0


def to_rules(config: Config, *, read_only: bool = False, speed: float = 1.0) -> Rules:
    """The rules of a configuration. `read_only` is the flag of a command; the configuration can only add to it."""
    actions, lease_s = config.actions, float(config.runs.lease)
    pace = Pace(
        lease_ttl_s=lease_s,
        renew_s=lease_s / 4,
        lease_margin_s=lease_s / 12,
        beat_s=float(config.runs.beat),
        call_timeout_s=float(actions.call_timeout),
        read_timeout_s=float(actions.call_timeout),
        reread_s=float(actions.reread),
        settle_s=float(actions.settle),
        operator_silence_s=float(actions.operator_silence),
    )
    budget = Budget(
        per_hour=actions.restarts_per_hour,
        per_day=actions.restarts_per_day,
        cool_down_s=float(actions.cool_down),
        cool_down_cap_s=float(actions.cool_down_cap),
        heals_per_hour=config.heal.brakes.heals_per_hour,
    )
    return Rules(pace, budget, read_only or actions.read_only, speed)
