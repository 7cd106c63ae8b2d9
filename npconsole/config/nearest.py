"""The word that was probably meant."""

from collections.abc import Iterable


def suggestion(word: str, words: Iterable[str]) -> str:
    """`; did you mean X?` with the nearest of `words`, or with the first that begins so; nothing when none is near."""
    from difflib import get_close_matches  # only a mistake needs it

    lowered = {candidate.lower(): candidate for candidate in words}
    start = word[:64].lower()
    begun = [candidate for candidate in lowered if len(start) > 2 and candidate.startswith(start)]
    near = begun or get_close_matches(start, lowered, n=1, cutoff=0.6)
    return f"; did you mean `{lowered[near[0]]}`?" if near else ""
