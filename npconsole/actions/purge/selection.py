"""What a purge names: exactly one kind of thing, in a form that the edge can know."""

import re
from dataclasses import dataclass

from npconsole.actions.inputs import Inputs
from npconsole.errors import UsageError
from npconsole.model.controls import PurgeKind
from npconsole.net.text import clean

TYPED = "purge everything"
_FORMS = {
    PurgeKind.URLS: (r"https?://[^\s/?#]+[^\s#]*", "a whole address, such as https://example.com/app.js"),
    PurgeKind.TAGS: (r"\S+", "a cache tag, which has no spaces"),
    PurgeKind.PREFIXES: (r"[A-Za-z0-9.-]+/[^\s?#:]*", "host and path without scheme, such as example.com/css/"),
    PurgeKind.HOSTS: (r"[A-Za-z0-9.-]+", "a host name, such as www.example.com"),
}
PARAMETERS = {
    PurgeKind.URLS: "url",
    PurgeKind.TAGS: "tag",
    PurgeKind.PREFIXES: "prefix",
    PurgeKind.HOSTS: "host",
    PurgeKind.EVERYTHING: "everything",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """`values` are what is named, each once; none for everything."""

    kind: PurgeKind
    values: tuple[str, ...]

    @property
    def words(self) -> str:
        """`250 urls`, `1 tag`, `everything`."""
        one = len(self.values) == 1
        what = PARAMETERS[self.kind] if one else self.kind.value
        return "everything" if self.kind is PurgeKind.EVERYTHING else f"{len(self.values)} {what}"

    def covers(self, url: str) -> bool:
        """Whether the copy of an address is certainly among what is purged. Of tags that is not known."""
        bare = re.sub(r"^https?://", "", url)
        match self.kind:
            case PurgeKind.EVERYTHING:
                return True
            case PurgeKind.URLS:
                return url in self.values
            case PurgeKind.PREFIXES:
                return bare.startswith(self.values)
            case PurgeKind.HOSTS:
                return bare.partition("/")[0] in self.values
            case PurgeKind.TAGS:
                return False


def read_selection(inputs: Inputs) -> Selection:
    """The selection that was asked for. Raises UsageError for none, several kinds, or what has not the form."""
    given = [kind for kind in _FORMS if inputs.many(PARAMETERS[kind])]
    given += [PurgeKind.EVERYTHING] if inputs.flag(PARAMETERS[PurgeKind.EVERYTHING]) else []
    choice = ", ".join(PARAMETERS.values())
    if not given:
        raise UsageError("say what to purge", hint=f"give one of the parameters {choice}")
    if len(given) > 1:
        names = " and ".join(PARAMETERS[kind] for kind in given)
        raise UsageError(f"a purge names one kind of thing, not {names}", hint="run one purge for each")
    kind = given[0]
    if kind is PurgeKind.EVERYTHING:
        return Selection(kind, ())
    values = tuple(dict.fromkeys(inputs.many(PARAMETERS[kind])))
    form, words = _FORMS[kind]
    for value in values:
        if re.fullmatch(form, value) is None:
            raise UsageError(f"{clean(value, limit=80)} is not {words}")
    return Selection(kind, values)
