"""Contrast, distance of colours and simulated colour blindness, from their published formulas.

Colours are `#rrggbb`. Contrast: WCAG 2.2. Distance: Euclid in OKLab (Ottosson 2020); 0.02 is just noticeable.
Colour blindness: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
"""

import math

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

BLINDNESS: dict[str, Matrix] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_TO_CONE: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def distance(one: str, other: str, blindness: str | None = None) -> float:
    """0 to about 1, as seen with a kind of colour blindness or without."""
    first, second = _lab(one, blindness), _lab(other, blindness)
    return math.dist(first, second)


def _linear(colour: str) -> Triple:
    def channel(index: int) -> float:
        value = int(colour[index : index + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else math.pow((value + 0.055) / 1.055, 2.4)

    return channel(1), channel(3), channel(5)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _times(matrix: Matrix, vector: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three


def _lab(colour: str, blindness: str | None) -> Triple:
    seen = _linear(colour)
    if blindness is not None:
        red, green, blue = _times(BLINDNESS[blindness], seen)
        seen = (min(1.0, max(0.0, red)), min(1.0, max(0.0, green)), min(1.0, max(0.0, blue)))
    long, medium, short = _times(_TO_CONE, seen)
    return _times(_TO_LAB, (long ** (1 / 3), medium ** (1 / 3), short ** (1 / 3)))
