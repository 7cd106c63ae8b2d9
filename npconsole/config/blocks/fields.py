"""What every block of the configuration is made of: forms of text, secrets, and the sentence of each field."""

from typing import Annotated

from msgspec import Meta, Struct


def doc(text: str, *, least: float | None = None) -> Meta:
    """The sentence that documents a field; `least` is the smallest value with a unit that makes sense."""
    return Meta(description=text, extra={} if least is None else {"least": least})


def form(pattern: str, rule: str) -> Meta:
    """The form of a text, and the words for it when a text does not have it."""
    return Meta(pattern=pattern, extra={"rule": rule})


Name = Annotated[
    str,
    form(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "must be a name: a letter or digit, then at most 63 letters, digits, dots, dashes or underscores",
    ),
]
WordName = Annotated[
    str,
    form(
        r"^[a-z][a-z0-9]*([_-][a-z0-9]+){0,7}$",
        "must be a word: lower-case letters and digits, parts joined by - or _, beginning with a letter",
    ),
]
Path = Annotated[str, form(r"^/[^\s?#\\]*$", "must be a path that starts with / and holds no spaces, ? or #")]
Slug = Annotated[
    str,
    form(
        r"^([A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$",
        "must hold only letters, digits, dots, dashes and underscores, and start with none of . and -",
    ),
]
Text = Annotated[str, form(r"\S", "must not be empty")]
Family = Annotated[str, form(r"^[A-Za-z_:][A-Za-z0-9_:]*$", "must be a metric name")]
FamilyOrNone = Annotated[str, form(r"^([A-Za-z_:][A-Za-z0-9_:]*)?$", "must be a metric name, or '' for none")]
LabelName = Annotated[str, form(r"^[A-Za-z_][A-Za-z0-9_]*$", "must be a label name: letters, digits and underscores")]
Variable = Annotated[str, form(r"^[A-Za-z_][A-Za-z0-9_]{0,127}$", "must be the name of an environment variable")]
Keyring = Annotated[str, form(r"^[^/]+/.+$", "must be written as service/user")]
HeaderName = Annotated[str, form(r"^[A-Za-z0-9-]{0,64}$", "must be the name of a header, or '' for none")]


class Block(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping in the configuration file."""


class SecretRef(Block, frozen=True, kw_only=True):
    """Where a secret is kept. Exactly one of the four; it is read only when it is needed."""

    env: Annotated[Variable | None, doc("Name of an environment variable.")] = None
    file: Annotated[Text | None, doc("A file of your own with mode 0600; its first line is the secret.")] = None
    command: Annotated[
        Annotated[list[Text], Meta(min_length=1)] | None,
        doc("A command (argv list, no shell) that prints the secret within 10 s."),
    ] = None
    keyring: Annotated[Keyring | None, doc("`service/user` in the system keyring (needs the extra `keyring`).")] = None

    def __str__(self) -> str:
        """Where the secret is: `env SENTRY_TOKEN`. A command's arguments are left out: one may be a secret."""
        for kind in ("env", "file", "command", "keyring"):
            value = getattr(self, kind)
            if value is not None:
                more = " ..." if isinstance(value, list) and len(value) > 1 else ""
                return f"{kind} {value[0] if isinstance(value, list) else value}{more}"
        return "nothing"
