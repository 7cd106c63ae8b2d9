"""Quantiles of Student's t against the printed table (NIST/SEMATECH e-Handbook, 1.3.6.7.2)."""

import pytest

from npconsole.reports.benchmark.student import quantile


@pytest.mark.parametrize(
    ("probability", "freedom", "tabled"),
    [(0.975, 3, 3.182), (0.975, 5, 2.571), (0.975, 8, 2.306), (0.975, 30, 2.042), (0.95, 10, 1.812), (0.99, 10, 2.764)],
)
def test_the_table(probability: float, freedom: float, tabled: float) -> None:
    assert quantile(probability, freedom) == pytest.approx(tabled, rel=0.01)


def test_few_degrees_are_wider_and_many_are_normal() -> None:
    assert quantile(0.975, 0.5) == quantile(0.975, 1) > quantile(0.975, 2) > quantile(0.975, 1e9)
    assert quantile(0.975, 1e9) == pytest.approx(1.95996, abs=1e-4)
    assert quantile(0.025, 7) == pytest.approx(-quantile(0.975, 7))
