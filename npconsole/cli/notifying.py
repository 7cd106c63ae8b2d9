"""What `npconsole notify` shows of incidents and notices, and taking an incident."""

from collections.abc import Sequence

import click

from npconsole.alerting.incident import Incident
from npconsole.alerting.state import decode
from npconsole.alerting.work import ACKNOWLEDGED
from npconsole.cli.acting import acting
from npconsole.cli.context import Context
from npconsole.cli.output import print_json
from npconsole.cli.run_report import iso
from npconsole.config.nearest import suggestion
from npconsole.errors import RefusedError, UsageError
from npconsole.model.action import AccessRole
from npconsole.model.notice import Posting
from npconsole.net.text import clean


def list_notices(context: Context, *, pending_only: bool, limit: int, as_json: bool) -> None:
    """Open incidents and notices."""
    with acting(context) as hold:
        incidents = _incidents(hold.stores.heal.state("alerts"))
        postings = hold.stores.outbox.postings(limit=limit, pending_only=pending_only)
        counts = hold.stores.outbox.counts()
    if as_json:
        print_json(
            {
                "schema": "npconsole.notices/1",
                "incidents": [_incident_json(incident) for incident in incidents],
                "counts": [
                    {"channel": name, "state": state, "count": n} for (name, state), n in sorted(counts.items())
                ],
                "notices": [_posting_json(posting) for posting in postings],
            }
        )
        return
    for incident in incidents:
        taken = f", {incident.acknowledged}" if incident.acknowledged else ""
        click.echo(f"open {incident.severity}: {incident.key} since {iso(incident.began_wall)}{taken}")
        click.echo(f"  {incident.summary}")
    for posting in postings:
        click.echo(_posting_text(posting))
    if not incidents and not postings:
        click.echo("nothing was told, and nothing waits", err=True)


def acknowledge(context: Context, word: str, reason: str) -> None:
    """Take the incident of a key, or the one on a target. The daemon tells it at its next check."""
    with acting(context) as hold:
        if hold.read_only or not hold.actor.role.allows(AccessRole.OPERATOR):
            raise RefusedError(f"{hold.actor.name} may not take incidents from here")
        incident = _found(_incidents(hold.stores.heal.state("alerts")), word)
        data = {"key": incident.key, "reason": clean(reason)}
        hold.journal.audit(ACKNOWLEDGED, actor=hold.actor.name, target=incident.target, data=data)
        click.echo(f"{hold.actor.name} has {incident.key}")


def _incidents(text: str) -> tuple[Incident, ...]:
    state, problem = decode(text)
    if problem:
        click.echo(f"npconsole: {problem}", err=True)
    return state.incidents


def _found(incidents: Sequence[Incident], word: str) -> Incident:
    fitting = [each for each in incidents if word in (each.key, each.target, each.key.partition("/")[2])]
    if len(fitting) == 1:
        return fitting[0]
    keys = [each.key for each in incidents]
    hint = f"open: {', '.join(keys[:5])}" if keys else "no incident is open"
    raise UsageError(f"there is no one incident {clean(word, limit=80)!r}{suggestion(word, keys)}", hint=hint)


def _incident_json(incident: Incident) -> dict[str, object]:
    return {
        "key": incident.key,
        "severity": incident.severity,
        "summary": incident.summary,
        "began": iso(incident.began_wall),
        "channels": list(incident.channels),
        "acknowledged": incident.acknowledged,
    }


def _posting_json(posting: Posting) -> dict[str, object]:
    notice = posting.notice
    return {
        "id": notice.id,
        "channel": notice.channel,
        "kind": notice.kind,
        "key": notice.key,
        "severity": notice.severity,
        "summary": notice.summary,
        "at": iso(notice.wall),
        "state": posting.state,
        "attempts": posting.attempts,
        "detail": posting.detail,
    }


def _posting_text(posting: Posting) -> str:
    notice = posting.notice
    tries = f" after {posting.attempts} tries" if posting.attempts else ""
    detail = f": {posting.detail}" if posting.detail else ""
    what = f"{notice.channel:<10} {notice.kind.value:<11} {notice.summary}"
    return f"{iso(notice.wall)}  {what}\n  {posting.state.value}{tries}{detail}"
