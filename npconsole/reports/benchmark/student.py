"""Student's t distribution, as far as intervals need it."""

from statistics import NormalDist


def quantile(probability: float, freedom: float) -> float:
    """The quantile of t with `freedom` degrees of freedom, from 1 on, by its expansion around the normal one.

    Within 1 % from 3 degrees on for the probabilities of intervals, a little low below. Formula: Abramowitz and Stegun,
    Handbook of Mathematical Functions, 26.7.5. Raises ValueError for a probability that is not between 0 and 1.
    """
    z = NormalDist().inv_cdf(probability)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / max(freedom, 1.0) ** power for power, term in enumerate(terms))
