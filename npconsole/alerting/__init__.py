"""Who is told what, and when: conditions from what is seen, incidents from conditions, notices from incidents.

Pure: no clock, no I/O. `step` takes the state, the facts and the time, and gives the next state with the notices that
are to be committed in the same transaction.
"""

from npconsole.alerting.facts import AlertFacts
from npconsole.alerting.route import Route, routes_of
from npconsole.alerting.rules import AlertRules, to_alert_rules
from npconsole.alerting.state import AlertState, decode, encode
from npconsole.alerting.step import step

__all__ = ["AlertFacts", "AlertRules", "AlertState", "Route", "decode", "encode", "routes_of", "step", "to_alert_rules"]
