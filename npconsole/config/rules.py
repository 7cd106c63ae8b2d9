"""Rules between fields. Each looks at a Config and yields findings; none changes anything.

A Config with bad values may be given: single values that had none are then UNSET, and the caller drops findings about
keys that already have a problem. So rules compare such values only for equality, or look at their type first.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from npconsole.config.blocks.acting import CustomAction, CustomCall
from npconsole.config.blocks.fields import SecretRef
from npconsole.config.blocks.platform import RegionConfig
from npconsole.config.finding import Finding
from npconsole.config.healing import healing
from npconsole.config.nearest import suggestion
from npconsole.config.placeholder import placeholders
from npconsole.config.schema import Config
from npconsole.config.themes import theme_path
from npconsole.errors import ConfigError
from npconsole.model.action import ACTION_IDS

_LOOPBACK = ("http://127.", "http://localhost", "http://[::1]")


def findings(config: Config) -> Iterator[Finding]:
    """Everything the rules have to say."""
    for rule in _RULES:
        yield from rule(config)


def _names(config: Config) -> Iterator[Finding]:
    yield from _repeated([(f"services[{i}].name", service.name) for i, service in enumerate(config.services)])
    for i, service in enumerate(config.services):
        keys = [(f"services[{i}].regions[{j}].name", region.name) for j, region in enumerate(service.regions)]
        yield from _repeated(keys)
        for key, name in keys:
            if service.edge is not None and name == "edge":
                yield Finding((key,), "is what the edge of a service is called; use another name")


def _repeated(named: Sequence[tuple[str, object]]) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for key, name in named:
        folded = name.lower() if isinstance(name, str) else name
        if folded in seen:
            yield Finding((key, seen[folded]), f"is the same name as {seen[folded]}")
        seen.setdefault(folded, key)


def _origins(config: Config) -> Iterator[Finding]:
    keys: dict[str, list[str]] = defaultdict(list)
    for key, region in _regions(config):
        keys[region.origin].append(f"{key}.origin")
    for first, *others in keys.values():
        for key in others:
            yield Finding((key, first), f"is the same address as {first}: one of them is measured twice", warning=True)


def _order(config: Config) -> Iterator[Finding]:
    values = config.thresholds
    for ladder in (
        ("p95_target", "p95_warn"),
        ("error_ratio_target", "error_ratio_critical"),
        ("lag_target", "lag_warn", "lag_page"),
    ):
        for low, high in pairwise(ladder):
            bottom, top = getattr(values, low), getattr(values, high)
            if bottom >= top:
                message = f"must be above thresholds.{low} ({top} is not above {bottom})"
                yield Finding((f"thresholds.{high}", f"thresholds.{low}"), message)
    if config.judging.unknown_after < config.judging.stale_after:
        keys = ("judging.unknown_after", "judging.stale_after")
        yield Finding(keys, "must not be below judging.stale_after")


def _deadlines(config: Config) -> Iterator[Finding]:
    for timeout, intervals in (("timeout", ("health", "metrics")), ("vendor_timeout", ("lag", "issues"))):
        for interval in intervals:
            if getattr(config.poll, timeout) > getattr(config.poll, interval):
                keys = (f"poll.{timeout}", f"poll.{interval}")
                message = f"is longer than poll.{interval}: a slow answer will delay the next reading"
                yield Finding(keys, message, warning=True)


def _window(config: Config) -> Iterator[Finding]:
    if config.metrics.window < config.poll.metrics:
        message = "is shorter than poll.metrics: most of the time it holds no reading"
        yield Finding(("metrics.window", "poll.metrics"), message, warning=True)


def _lag(config: Config) -> Iterator[Finding]:
    for key, region in _regions(config):
        if region.lag is None:
            continue
        if (region.lag.promql is None) == (region.lag.dsn is None):
            yield Finding((f"{key}.lag",), "give exactly one of promql and dsn")
        elif region.lag.promql is not None and config.prometheus.url is None:
            yield Finding((f"{key}.lag.promql", "prometheus.url"), "needs prometheus.url")


def _prometheus(config: Config) -> Iterator[Finding]:
    prometheus = config.prometheus
    if config.metrics.source == "prometheus" and prometheus.url is None:
        yield Finding(("metrics.source", "prometheus.url"), "is prometheus, which needs prometheus.url")
    if prometheus.user and prometheus.password is None:
        yield Finding(("prometheus.user", "prometheus.password"), "needs prometheus.password")
    if prometheus.password is not None and not prometheus.user:
        yield Finding(("prometheus.password", "prometheus.user"), "needs prometheus.user")
    if prometheus.token is not None and (prometheus.user or prometheus.password is not None):
        keys = ("prometheus.token", "prometheus.user", "prometheus.password")
        yield Finding(keys, "goes instead of user and password, not with them")


def _sentry(config: Config) -> Iterator[Finding]:
    if config.sentry.organization and config.sentry.token is None:
        yield Finding(("sentry.organization", "sentry.token"), "needs sentry.token")
    if config.sentry.token is not None and not config.sentry.organization:
        keys = ("sentry.token", "sentry.organization")
        yield Finding(keys, "is not used without sentry.organization", warning=True)


def _runs(config: Config) -> Iterator[Finding]:
    """A call must end, with a margin, while the lease that it was sent under is in force."""
    lease, call = config.runs.lease, config.actions.call_timeout
    if lease < 2 * call:
        message = f"must be at least twice actions.call_timeout ({lease} is below 2 x {call})"
        yield Finding(("runs.lease", "actions.call_timeout"), message)
    if config.runs.beat > lease / 4:
        yield Finding(("runs.beat", "runs.lease"), f"must not be above a quarter of runs.lease ({lease})")


def _drill(config: Config) -> Iterator[Finding]:
    drill = config.drill
    for low, high in (("hold", "longest_hold"), ("rto_target", "rto_limit")):
        bottom, top = getattr(drill, low), getattr(drill, high)
        if bottom > top:
            message = f"must not be below drill.{low} ({top} is below {bottom})"
            yield Finding((f"drill.{high}", f"drill.{low}"), message)


def _custom(config: Config) -> Iterator[Finding]:
    actions = config.custom_actions
    yield from _repeated([(f"custom_actions[{i}].id", action.id) for i, action in enumerate(actions)])
    for i, action in enumerate(actions):
        key = f"custom_actions[{i}]"
        yield from _inputs(action, key)
        if action.timeout > config.runs.lease / 2:
            message = f"must be at most half of runs.lease ({config.runs.lease}), under which the call is made"
            yield Finding((f"{key}.timeout", "runs.lease"), message)
        if action.takes_out is True and action.target != "region":
            yield Finding((f"{key}.takes_out", f"{key}.target"), "is for actions on a region only")
        names: list[object] = [each.name for each in action.inputs]
        if action.effect is not None and action.target != "region":
            yield Finding((f"{key}.effect", f"{key}.target"), "is measured on regions only")
        known = {"target", "run", *(each for each in names if isinstance(each, str))}
        for name, call in (("do", action.do), ("undo", action.undo)):
            if call is not None:
                yield from _call(call, f"{key}.{name}", known)


def _benchmark(config: Config) -> Iterator[Finding]:
    benchmark = config.benchmark
    yield from _repeated([(f"benchmark.calls[{i}].name", call.name) for i, call in enumerate(benchmark.calls)])
    for name, other in (("email", "password"), ("password", "email")):
        if getattr(benchmark, name) is not None and getattr(benchmark, other) is None:
            yield Finding((f"benchmark.{name}", f"benchmark.{other}"), f"needs benchmark.{other}")
    if benchmark.token is not None and (benchmark.email is not None or benchmark.password is not None):
        keys = ("benchmark.token", "benchmark.email", "benchmark.password")
        yield Finding(keys, "goes instead of email and password, not with them")
    if benchmark.engine == "cloud" and benchmark.cloud.token is None:
        yield Finding(("benchmark.engine", "benchmark.cloud.token"), "is cloud, which needs benchmark.cloud.token")
    remote, prefix = benchmark.remote_write, "benchmark.remote_write"
    if (remote.user or remote.password is not None or remote.token is not None) and remote.url is None:
        yield Finding((prefix, f"{prefix}.url"), f"is not used without {prefix}.url", warning=True)
    if bool(remote.user) != (remote.password is not None):
        yield Finding((f"{prefix}.user", f"{prefix}.password"), "and password go together")
    if remote.token is not None and remote.user:
        yield Finding((f"{prefix}.token", f"{prefix}.user"), "goes instead of user and password, not with them")


def _inputs(action: CustomAction, key: str) -> Iterator[Finding]:
    keys = [(f"{key}.inputs[{i}].name", each.name) for i, each in enumerate(action.inputs)]
    yield from _repeated(keys)
    for (name_key, name), each in zip(keys, action.inputs, strict=True):
        if name in ("target", "run"):
            yield Finding((name_key,), "stands for itself in every call; use another name")
        inputs_key = name_key.removesuffix(".name")
        if (each.kind == "choice") != bool(each.choices):
            yield Finding(
                (f"{inputs_key}.choices", f"{inputs_key}.kind"), "belong to a choice, and a choice needs them"
            )
        elif each.kind == "choice" and each.default and each.default not in each.choices:
            yield Finding((f"{inputs_key}.default", f"{inputs_key}.choices"), "is not one of the choices")


def _call(call: CustomCall, key: str, known: set[str]) -> Iterator[Finding]:
    if (call.argv is None) == (call.url is None):
        yield Finding((key,), "give exactly one of argv and url")
    elif call.argv is not None and (call.body or call.token is not None):
        yield Finding((f"{key}.argv", f"{key}.body", f"{key}.token"), "goes without body and token")
    texts: list[tuple[str, object]] = [(f"{key}.argv[{i}]", text) for i, text in enumerate(call.argv or ())]
    texts += [(f"{key}.url", call.url), *((f"{key}.body.{name}", text) for name, text in call.body.items())]
    for text_key, text in texts:
        if isinstance(text, str):
            yield from _placeholders(text_key, text, known)
    program: object = call.argv[0] if call.argv else ""
    if isinstance(program, str) and "{" in program:
        yield Finding((f"{key}.argv[0]",), "is the program, which cannot be an input")


def _placeholders(key: str, text: str, known: set[str]) -> Iterator[Finding]:
    try:
        names = placeholders(text)
    except ValueError as error:
        yield Finding((key,), str(error))
        return
    for name in names:
        if name not in known:
            yield Finding((key,), f"has {{{name}}}, which is no input{suggestion(name, known)}")


def _notifying(config: Config) -> Iterator[Finding]:
    slack = config.slack
    if slack.token is not None and not slack.channel:
        yield Finding(("slack.token", "slack.channel"), "needs slack.channel, where the bot posts")
    if slack.token is not None and slack.webhook is not None:
        message = "is not used beside slack.token, whose bot can keep threads"
        yield Finding(("slack.webhook", "slack.token"), message, warning=True)
    named = [(f"channels[{i}].name", channel.name) for i, channel in enumerate(config.channels)]
    yield from _repeated(named)
    for key, name in named:
        if name in ("slack", "pagerduty"):
            yield Finding((key,), "is the name of a built-in channel; use another name")


def _clear_text(config: Config) -> Iterator[Finding]:
    credentials: tuple[tuple[str, str | None, SecretRef | None], ...] = (
        ("prometheus", config.prometheus.url, config.prometheus.token or config.prometheus.password),
        ("sentry", config.sentry.url, config.sentry.token),
        ("cloudflare", config.cloudflare.url, config.cloudflare.token),
        ("railway", config.railway.url, config.railway.token),
        ("neon", config.neon.url, config.neon.token),
        ("grafana", config.grafana.url, config.grafana.token),
        ("slack", config.slack.url, config.slack.token),
        ("pagerduty", config.pagerduty.url, config.pagerduty.routing_key),
        (
            "benchmark.remote_write",
            config.benchmark.remote_write.url,
            config.benchmark.remote_write.token or config.benchmark.remote_write.password,
        ),
    )
    for block, url, secret in credentials:
        if url and secret and url.startswith("http://") and not url.startswith(_LOOPBACK):
            message = "is not https: the credential can be read on its way"
            yield Finding((f"{block}.url",), message, warning=True)


def _screen(config: Config) -> Iterator[Finding]:
    given: dict[str, object] = dict(config.ui.keys)
    keys = {action: key for action, key in given.items() if isinstance(key, str)}
    if not keys:
        return
    from npconsole.config.keymap import check  # most configurations change no key, and start faster without it

    named = (*ACTION_IDS, *(action.id for action in config.custom_actions))
    for action, message in check(keys, named=named):
        yield Finding((f"ui.keys.{action}",), message)


def _theme(config: Config) -> Iterator[Finding]:
    if config.ui.theme == type(config.ui)().theme:
        return
    try:
        theme_path(config.ui.theme)
    except ConfigError as error:
        yield Finding(("ui.theme",), error.problems[0].message)


def _regions(config: Config) -> Iterator[tuple[str, RegionConfig]]:
    for i, service in enumerate(config.services):
        for j, region in enumerate(service.regions):
            yield f"services[{i}].regions[{j}]", region


_RULES: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    _names,
    _origins,
    _order,
    _deadlines,
    _window,
    _lag,
    _prometheus,
    _sentry,
    _runs,
    _drill,
    _custom,
    _benchmark,
    healing,
    _notifying,
    _clear_text,
    _screen,
    _theme,
)
