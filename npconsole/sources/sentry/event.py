"""The event of an issue: Sentry keeps message, exceptions and stack traces in a list of typed `entries`."""

from collections.abc import Mapping, Sequence
from typing import Any

from npconsole.model.issue import Event, Frame
from npconsole.sources.sentry.fields import mapping, mappings, release, tags, text, wall

MOST_FRAMES = 100


def parse_event(data: Mapping[str, Any]) -> Event:
    """The event. Of chained exceptions the one that was raised last speaks, which Sentry lists last."""
    own_tags = tags(data.get("tags"))
    entries = {text(entry.get("type")): mapping(entry.get("data")) for entry in mappings(data.get("entries"))}
    raised = list(mappings(entries.get("exception", {}).get("values")))
    message = mapping(entries.get("message"))
    return Event(
        id=text(data.get("eventID")) or text(data.get("id")),
        title=text(data.get("title"), limit=500),
        message=text(data.get("message") or message.get("formatted") or message.get("message"), limit=2000, lines=True),
        at=wall(data.get("dateCreated")) or wall(data.get("dateReceived")),
        release=release(data.get("release")) or dict(own_tags).get("release", ""),
        environment=dict(own_tags).get("environment", ""),
        tags=own_tags,
        exception=_headline(raised[-1]) if raised else "",
        frames=_frames(raised, entries),
    )


def _headline(exception: Mapping[str, Any]) -> str:
    kind, value = text(exception.get("type")), text(exception.get("value"), limit=500)
    return f"{kind}: {value}" if kind and value else kind or value


def _frames(raised: Sequence[Mapping[str, Any]], entries: Mapping[str, Mapping[str, Any]]) -> tuple[Frame, ...]:
    """The innermost frames of the exception raised last; of an event without one, of the thread that crashed."""
    threads = sorted(
        mappings(entries.get("threads", {}).get("values")), key=lambda thread: thread.get("crashed") is True
    )
    traces = [mapping(entry.get("stacktrace")) for entry in (*threads, *raised)]
    traces.append(entries.get("stacktrace", {}))
    frames = next((found for trace in reversed(traces) if (found := list(mappings(trace.get("frames"))))), [])
    return tuple(_frame(each) for each in frames[-MOST_FRAMES:])


def _frame(data: Mapping[str, Any]) -> Frame:
    line = data.get("lineNo")
    return Frame(
        function=text(data.get("function")) or "?",
        file=text(data.get("filename")) or text(data.get("absPath")) or text(data.get("module")),
        line=line if isinstance(line, int) and not isinstance(line, bool) else None,
        in_app=data.get("inApp") is True,
        context=_code(data.get("context"), line),
    )


def _code(context: object, line: object) -> str:
    """The line itself out of `[[number, code], …]` around it."""
    pairs = context if isinstance(context, list) else []
    return next(
        (text(pair[1]).strip() for pair in pairs if isinstance(pair, list) and pair[:1] == [line] and pair[1:]), ""
    )
