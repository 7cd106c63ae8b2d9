"""What else may be behind the trouble: each is looked at before anything is done, and most speak against a restart."""

from npconsole.healer.case import Answer, Case, Question
from npconsole.healer.facts import OpenRun
from npconsole.healer.rules import FAILOVER, Metric
from npconsole.model import quantity

BENCHMARK = "benchmark"


def _own_network(case: Case) -> Answer:
    if case.facts.online is False:
        return Answer(True, "this host is offline")
    if case.facts.online is None:
        return Answer(True, "it is not known whether this host is online")
    if case.target.failure is not None:
        times = f"{case.habit.own_failures} times in a row" if case.habit.own_failures > 1 else "at the last probe"
        failure = f"{case.target.failure.value}, {times}"
        return Answer(True, f"{case.target.id} does not answer this host ({failure}): the fault may be on this side")
    return Answer(False, "this host is online and gets answers of the region")


def _fresh_data(case: Case) -> Answer:
    fresh = case.target.probe_fresh and (case.rule.metric is Metric.HEALTH or case.target.figures_fresh)
    age = "never read" if case.target.age_s is None else f"{quantity.duration(case.target.age_s)} old"
    return Answer(not fresh, f"what is known is {age}" + ("" if fresh else ": too old to act on"))


def _requests(case: Case) -> Answer:
    if case.rule.metric is Metric.HEALTH:
        return Answer(False, "a health check needs no traffic")
    count, least = case.target.requests, case.brakes.min_requests
    words = f"{quantity.count(count)} requests in the window, at least {quantity.count(least)} are needed"
    return Answer(count is None or count < least, words)


def _held_by(case: Case, run: OpenRun) -> bool:
    return case.target.id in run.targets


def _benchmark(case: Case) -> Answer:
    found = next((run for run in case.others if run.action == BENCHMARK and _held_by(case, run)), None)
    return Answer(found is not None, f"under load on purpose: {found.words}" if found else "no benchmark runs on it")


def _drill(case: Case) -> Answer:
    found = next((run for run in case.others if run.action == FAILOVER and _held_by(case, run)), None)
    return Answer(found is not None, f"under a failover: {found.words}" if found else "no failover is under way on it")


def _common_cause(case: Case) -> Answer:
    ill, known = case.crowd
    words = f"{ill} of {known} regions of {case.target.service} are ill alike"
    if is_common(case):
        return Answer(True, f"{words}: suspect what they share")
    alike_at = case.course.alike_at
    patience_s = max(case.rule.after_s, case.brakes.breaches * case.brakes.interval_s)
    if alike_at is not None and case.at - alike_at < patience_s:
        ago = quantity.duration(case.at - alike_at)
        return Answer(True, f"{words}, and {ago} ago most were: it may be getting well like the others")
    if known < 2:
        return Answer(False, f"no other region of {case.target.service} can be compared")
    return Answer(False, words)


def is_common(case: Case) -> bool:
    """Whether so many regions of the service are ill alike that the cause is likely what they share."""
    ill, known = case.crowd
    return ill >= 2 and ill / known >= case.brakes.common_share


def _fresh_deploy(case: Case) -> Answer:
    """Counted from when the trouble began, so that waiting does not turn a bad release into a restart."""
    habit, began = case.habit, case.course.since if case.course.since is not None else case.at
    if habit.changed_at is not None and -2 * case.brakes.interval_s <= began - habit.changed_at:
        after_s = max(0.0, began - habit.changed_at)
        if after_s <= case.brakes.fresh_deploy_s:
            return Answer(
                True,
                f"it began {quantity.duration(after_s)} after version {habit.version} came: rather roll back, "
                f"npconsole run rollback {case.target.id}",
            )
    up_s = None if case.target.started_wall is None else case.wall - case.target.started_wall
    if up_s is not None and 0 <= up_s < case.brakes.settle_s:
        return Answer(True, f"its process started {quantity.duration(up_s)} ago: it must settle first")
    return Answer(False, "no deploy of late")


def _overload(case: Case) -> Answer:
    rate, usual = case.target.request_rate, case.habit.usual_rate
    if rate is None or usual is None:
        return Answer(False, "its usual request rate is not known yet" if usual is None else "its rate is not measured")
    words = f"{quantity.rate(rate)} requests, usually {quantity.rate(usual)}"
    over = rate > usual * case.brakes.overload and rate > 1.0
    return Answer(over, f"{words}: overload, a restart would not help" if over else words)


def _provider(case: Case) -> Answer:
    return Answer(bool(case.facts.provider), case.facts.provider or "no trouble of a provider is known")


CAUSES = (
    Question("own-network", _own_network),
    Question("stale-data", _fresh_data),
    Question("too-few-requests", _requests),
    Question("benchmark-lease", _benchmark),
    Question("drill", _drill),
    Question("common-cause", _common_cause),
    Question("fresh-deploy", _fresh_deploy),
    Question("overload", _overload),
    Question("provider", _provider),
)
