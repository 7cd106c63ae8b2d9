import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.model.level import Level
from npconsole.views.wallboard.grid import grid, page
from tests.views.wallboard.feed import state

LEVELS = (Level.OK, Level.DOWN, Level.MUTED, Level.DEGRADED, Level.UNKNOWN)


@pytest.mark.parametrize(
    ("count", "width", "height", "columns"),
    [(1, 120, 28, 1), (3, 120, 28, 3), (3, 40, 6, 1), (4, 120, 28, 2), (6, 300, 80, 3), (30, 120, 24, 4)],
)
def test_tiles_come_in_a_pleasant_shape(count: int, width: int, height: int, columns: int) -> None:
    assert len(grid(count, width, height).widths) == columns


@given(st.integers(1, 400), st.integers(12, 300), st.integers(1, 100))
def test_a_grid_has_room_for_all_and_never_leaves_its_area(count: int, width: int, height: int) -> None:
    found = grid(count, width, height)
    assert found.places >= count or height < -(-count // len(found.widths))
    assert sum(found.widths) == width
    assert sum(found.heights) <= height


@given(st.integers(1, 320), st.integers(12, 300), st.integers(1, 100))
def test_a_full_rotation_shows_every_region_once(count: int, width: int, height: int) -> None:
    regions = [state(f"r{index}", LEVELS[index % 5]) for index in range(count)]
    pages = page(regions, width, height, 0).pages
    shown = [each.region.id for turn in range(pages) for each in page(regions, width, height, turn).regions]
    assert sorted(shown) == sorted(each.region.id for each in regions)
    assert page(regions, width, height, pages).number == 1


def test_what_fits_keeps_the_order_of_the_configuration() -> None:
    regions = [state("a"), state("b", Level.DOWN), state("c")]
    assert [each.region.id for each in page(regions, 120, 28, 7).regions] == ["a", "b", "c"]


def test_what_does_not_fit_begins_with_the_worst() -> None:
    regions = [state(f"r{index}", LEVELS[index % 5]) for index in range(50)]
    levels = [each.level for turn in range(20) for each in page(regions, 80, 9, turn).regions][:50]
    assert levels == sorted(levels, key=lambda level: -level.severity)
