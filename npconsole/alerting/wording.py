"""What notices say of conditions and of runs."""

from collections.abc import Sequence

from npconsole.alerting.condition import Condition
from npconsole.alerting.telling import Facts
from npconsole.alerting.work import News
from npconsole.model import quantity
from npconsole.model.notice import Severity


def summary_of(members: Sequence[Condition]) -> str:
    """The most pressing condition in words, and how many more there are."""
    first = members[0]
    more = f", and {len(members) - 1} more" if len(members) > 1 else ""
    return f"{'flapping: ' if first.flapping else ''}{first.words}{more}"


def pressing(condition: Condition) -> tuple[int, float, str]:
    """Sorts the worst first, then the oldest."""
    return -tuple(Severity).index(condition.severity), condition.began_wall, condition.key


def change_facts(news: News) -> Facts:
    """What a person asks of a change: by whom, why, and what came of it."""
    work, line = news.work, news.line
    took_s = None if work.begun_wall is None else line.wall - work.begun_wall
    facts = [
        ("run", work.run),
        ("by", f"{work.actor} via {work.via}" if work.via else work.actor),
        ("reason", work.reason),
        ("took", "" if took_s is None else quantity.duration(took_s)),
        ("verdict", news.verdict),
        ("outcome", news.outcome),
        ("audit", f"{line.sequence} {line.digest[:16]}"),
    ]
    return tuple((name, value) for name, value in facts if value)
