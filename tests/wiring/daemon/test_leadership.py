"""Leading: one at a time, another within a lease, and nobody who cannot renew."""

from dataclasses import dataclass

import pytest

from npconsole.errors import StoreError
from npconsole.wiring.daemon.leadership import Leadership
from tests.engine.estates import FakeClock

LEASE_S = 30.0


@dataclass
class Lease:
    """The memory's side: one lease, by the same clock."""

    clock: FakeClock
    owner: str = ""
    fence: int = 0
    until: float = 0.0
    broken: bool = False

    def lead(self, *, owner: str, ttl_s: float) -> int | None:
        if self.broken:
            raise StoreError("locked")
        if self.owner not in ("", owner) and self.clock.now() < self.until:
            return None
        if self.owner != owner or self.clock.now() >= self.until:
            self.fence += 1
        self.owner, self.until = owner, self.clock.now() + ttl_s
        return self.fence

    def resign(self, fence: int) -> None:
        if fence == self.fence:
            self.owner = ""


def daemon(lease: Lease, owner: str) -> Leadership:
    return Leadership(lease, owner=owner, lease_s=LEASE_S, clock=lease.clock)  # type: ignore[arg-type]  # the two that count


def test_one_leads_and_the_other_waits() -> None:
    lease = Lease(FakeClock())
    one, two = daemon(lease, "one"), daemon(lease, "two")
    for each in (one, two):
        each.renew()
    assert (one.holds, two.holds) == (True, False)


@pytest.mark.parametrize("died_after", [0.0, 3.0, 7.4])
def test_another_leads_within_a_lease_of_the_death(died_after: float) -> None:
    lease = Lease(FakeClock())
    one, two = daemon(lease, "one"), daemon(lease, "two")
    one.renew()
    two.renew()
    lease.clock.seconds += died_after
    died = lease.clock.now()
    while not two.holds:
        lease.clock.seconds += two.pause_s
        two.renew()
        assert lease.clock.now() - died <= LEASE_S
    assert not one.holds


def test_who_stands_still_does_not_lead_when_it_wakes() -> None:
    lease = Lease(FakeClock())
    one, two = daemon(lease, "one"), daemon(lease, "two")
    one.renew()
    lease.clock.seconds += LEASE_S
    assert not one.holds
    two.renew()
    one.renew()
    assert (one.fence, two.fence) == (None, 2)


def test_a_memory_that_fails_does_not_end_a_lease_in_force_and_does_not_prolong_it() -> None:
    lease = Lease(FakeClock())
    one = daemon(lease, "one")
    one.renew()
    lease.broken = True
    with pytest.raises(StoreError):
        one.renew()
    assert one.holds
    lease.clock.seconds += LEASE_S
    with pytest.raises(StoreError):
        one.renew()
    assert (one.holds, one.fence) == (False, None)


def test_who_resigns_lets_another_lead_at_once() -> None:
    lease = Lease(FakeClock())
    one, two = daemon(lease, "one"), daemon(lease, "two")
    one.renew()
    one.resign()
    two.renew()
    assert (one.holds, two.holds) == (False, True)


def test_a_leader_that_goes_on_keeps_its_fence() -> None:
    lease = Lease(FakeClock())
    one = daemon(lease, "one")
    for _ in range(10):
        one.renew()
        lease.clock.seconds += one.pause_s
    assert one.fence == 1
