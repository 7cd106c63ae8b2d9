"""The daemon: one leader among any number watches, heals and alerts; the others watch and wait for their turn.

`daemon` its life · `shift` all that one configuration needs · `tick` one look, in one transaction · `errand` one run
from decision to verdict · `leadership` who leads · `reading` what the memory says · `tempo` how fast time passes ·
`tally` what is counted for Prometheus · `log` what it writes down · `overview` the healer as people see it.
"""
