"""Letters that can be read from across a room: a 3 x 5 pixel face, drawn with half blocks at any whole scale."""

from functools import lru_cache

_PIXELS = 5
_FACE = {
    "A": ".#. #.# ### #.# #.#",
    "B": "##. #.# ##. #.# ##.",
    "C": "### #.. #.. #.. ###",
    "D": "##. #.# #.# #.# ##.",
    "E": "### #.. ##. #.. ###",
    "F": "### #.. ##. #.. #..",
    "G": "### #.. #.# #.# ###",
    "H": "#.# #.# ### #.# #.#",
    "I": "### .#. .#. .#. ###",
    "J": "..# ..# ..# #.# ###",
    "K": "#.# #.# ##. #.# #.#",
    "L": "#.. #.. #.. #.. ###",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#..# ##.# #.## #..# #..#",
    "O": "### #.# #.# #.# ###",
    "P": "### #.# ### #.. #..",
    "Q": "#### #..# #..# #.## ####",
    "R": "##. #.# ##. #.# #.#",
    "S": "### #.. ### ..# ###",
    "T": "### .#. .#. .#. .#.",
    "U": "#.# #.# #.# #.# ###",
    "V": "#.# #.# #.# #.# .#.",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#.# #.# .#. #.# #.#",
    "Y": "#.# #.# .#. .#. .#.",
    "Z": "### ..# .#. #.. ###",
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# .## ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# ..# ..#",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    " ": ".. .. .. .. ..",
    ".": ". . . . #",
    ",": ". . . # #",
    ":": ". # . # .",
    ";": ". # . # #",
    "-": "... ... ### ... ...",
    "–": "... ... ### ... ...",
    "_": "... ... ... ... ###",
    "/": "..# ..# .#. #.. #..",
    "%": "#.# ..# .#. #.. #.#",
    "<": "..# .#. #.. .#. ..#",
    "?": "### ..# .## ... .#.",
    "'": "# # . . .",
}
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def height(scale: int) -> int:
    """Rows of a line of letters: 3 at scale 1, 5 at 2, 8 at 3."""
    return -(-_PIXELS * scale // 2)


def width(text: str, scale: int = 1) -> int | None:
    """Columns that `text` takes; None when a character has no letter here."""
    letters = [_FACE.get(character) for character in text.upper()]
    if not letters or None in letters:
        return None
    return scale * sum(len(letter.split()[0]) + 1 for letter in letters if letter) - scale


def scale_that_fits(text: str, columns: int, rows: int, most: int = 4) -> int:
    """The largest scale at which `text` fits; 0 when none does, or when it cannot be drawn."""
    least = width(text)
    if least is None:
        return 0
    fitting = (scale for scale in range(most, 0, -1) if least * scale <= columns and height(scale) <= rows)
    return next(fitting, 0)


@lru_cache(512)
def drawn(text: str, scale: int) -> tuple[str, ...]:
    """`text` as rows of block characters, all as wide as `width` says. Letters are capitals."""
    letters = [_FACE[character].split() for character in text.upper()]
    pixels = [".".join(letter[line] for letter in letters) for line in range(_PIXELS)]
    dots = [_stretched(line, scale) for line in pixels for _ in range(scale)]
    if len(dots) % 2:
        dots.append("." * len(dots[0]))
    return tuple(
        "".join(_HALVES[top == "#", bottom == "#"] for top, bottom in zip(upper, lower, strict=True))
        for upper, lower in zip(dots[::2], dots[1::2], strict=True)
    )


def _stretched(line: str, scale: int) -> str:
    return "".join(pixel * scale for pixel in line)
