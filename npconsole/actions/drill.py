"""How failovers are rehearsed and what they have to prove: one place, from configuration, fast in tests."""

from dataclasses import dataclass

from npconsole.config.schema import Config


@dataclass(frozen=True, slots=True)
class DrillRules:
    """Durations in seconds, `most_load` 0 to 1.

    The edge is probed each `probe_interval_s` as a user would ask it, and an answer that takes `probe_timeout_s` counts
    as none. It has moved once the drained region has not answered for `quiet_s`. A writing probe, where there is one,
    writes each `write_interval_s`. `alarm_margin_s` is how long after the deadline the host's own timer goes off.
    `back_within_s` is how long a restored region is waited for at a time, `call_s` what one call may take.
    """

    hold_s: float = 300.0
    longest_hold_s: float = 900.0
    step_pause_s: float = 30.0
    shift_within_s: float = 300.0
    probe_interval_s: float = 0.1
    probe_timeout_s: float = 2.0
    baseline_s: float = 2.0
    quiet_s: float = 1.0
    watch_s: float = 5.0
    write_interval_s: float = 0.5
    alarm_margin_s: float = 60.0
    back_within_s: float = 10.0
    call_s: float = 15.0
    rto_target_s: float = 180.0
    rto_limit_s: float = 300.0
    rpo_target_s: float = 1.0
    most_load: float = 0.8


def to_drill_rules(config: Config) -> DrillRules:
    """The rules of a configuration. The writing probes of all edges write as often as the busiest."""
    drill = config.drill
    probes = [each.edge.write_probe for each in config.services if each.edge and each.edge.write_probe]
    return DrillRules(
        hold_s=float(drill.hold),
        longest_hold_s=float(drill.longest_hold),
        step_pause_s=float(drill.step_pause),
        shift_within_s=float(drill.shift_within),
        probe_interval_s=float(drill.probe_interval),
        probe_timeout_s=float(drill.probe_timeout),
        write_interval_s=min((float(each.interval) for each in probes), default=DrillRules().write_interval_s),
        rto_target_s=float(drill.rto_target),
        rto_limit_s=float(drill.rto_limit),
        rpo_target_s=float(drill.rpo_target),
        most_load=float(drill.most_load),
        call_s=float(config.actions.call_timeout),
    )
