from hypothesis import given
from hypothesis import strategies as st

from npconsole.sim.edgecache import ENTRIES, TOTAL_BYTES, CacheStatus, EdgeCache, Entry


def entry(size: int = 10, expires_s: float = 60.0) -> Entry:
    return Entry(b"x" * size, "text/javascript", 0.0, expires_s)


def test_miss_hit_expired_miss() -> None:
    cache = EdgeCache()
    assert cache.look_up("/app.js?", 0.0) == (CacheStatus.MISS, None)
    cache.keep("/app.js?", entry())
    assert cache.look_up("/app.js?", 59.9) == (CacheStatus.HIT, entry())
    assert cache.look_up("/app.js?", 60.0) == (CacheStatus.EXPIRED, None)
    assert cache.look_up("/app.js?", 60.0) == (CacheStatus.MISS, None)


def test_what_was_used_last_stays() -> None:
    cache = EdgeCache()
    for number in range(ENTRIES):
        cache.keep(str(number), entry())
    cache.look_up("0", 1.0)
    cache.keep("new", entry())
    assert cache.look_up("0", 1.0)[0] is CacheStatus.HIT
    assert cache.look_up("1", 1.0)[0] is CacheStatus.MISS


def test_a_purge_forgets_the_chosen_and_their_bytes() -> None:
    cache = EdgeCache()
    cache.keep("a", entry(7))
    cache.keep("b", entry(9))
    assert cache.purge(lambda each: len(each.body) == 9) == 1
    assert (len(cache), cache.bytes) == (1, 7)
    assert cache.look_up("b", 0.0)[0] is CacheStatus.MISS


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 1_200_000)), max_size=40))
def test_it_never_outgrows_its_bounds(kept: list[tuple[int, int]]) -> None:
    cache = EdgeCache()
    for key, size in kept:
        cache.keep(str(key), entry(size))
        assert len(cache) <= ENTRIES
        assert 0 <= cache.bytes <= TOTAL_BYTES
