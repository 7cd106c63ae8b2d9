"""The healer: what is known of the estate, once a check, becomes decisions. Pure: state, facts and clock in; state and
decisions out. It asks for runs and never makes one, and it rather does nothing than act on what it does not know.

`facts` what a check is given · `rules` what is configured · `state` what survives · `decide` a check · `concluded` how
a run ended · `view` what people see · `request` the run that a decision asks for.
"""
