"""Where themes are: the package's own folder in a wheel, the folder beside the package in a checkout.

Only names and paths here; what a theme holds is read by the screens.
"""

from pathlib import Path

from npconsole.config.nearest import suggestion
from npconsole.errors import ConfigError, Problem

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = (_PACKAGE / "themes", _PACKAGE.parent / "themes")


def theme_names() -> tuple[str, ...]:
    """The names of the themes that come with npconsole, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def theme_path(name: str) -> Path:
    """The file of a theme: `dark` is one that comes with npconsole, a name with a slash is a path of your own.

    Raises ConfigError naming the themes there are, and the nearest one.
    """
    if "/" in name:
        path = Path(name).expanduser()
        if not path.is_file():
            raise ConfigError((Problem(str(path), 0, "", "there is no such theme file"),))
        return path
    names = theme_names()
    if name not in names:
        message = f"there is no such theme; there are {', '.join(names)}{suggestion(name, names)}"
        raise ConfigError((Problem(f"theme {name}", 0, "", message),), hint="use one of these, or a path with a slash")
    return _folder() / f"{name}.yaml"


def _folder() -> Path:
    return next((folder for folder in _FOLDERS if folder.is_dir()), _FOLDERS[-1])
