from npconsole.sim.agenda import Agenda
from tests.sim.fakeclock import FakeClock


def test_what_is_due_happens_once_in_order_and_the_rest_waits() -> None:
    clock, done = FakeClock(), list[str]()
    agenda = Agenda(clock)
    agenda.after(2.0, lambda: done.append("later"))
    agenda.after(1.0, lambda: done.append("first"))
    agenda.after(1.0, lambda: done.append("second"))
    agenda.catch_up()
    assert done == []
    clock.at_s = 1.0
    agenda.catch_up()
    agenda.catch_up()
    assert done == ["first", "second"]
    clock.at_s = 2.0
    agenda.catch_up()
    assert done == ["first", "second", "later"]


def test_what_an_action_adds_for_now_happens_now() -> None:
    clock, done = FakeClock(), list[str]()
    agenda = Agenda(clock)
    agenda.after(1.0, lambda: agenda.after(0.0, lambda: done.append("added")))
    clock.at_s = 5.0
    agenda.catch_up()
    assert done == ["added"]
