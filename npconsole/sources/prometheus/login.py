"""How queries are signed. The secret is resolved for each query and kept nowhere."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from npconsole.errors import SecretError
from npconsole.model.secret import Secret

if TYPE_CHECKING:
    from requests import PreparedRequest


@dataclass(frozen=True, slots=True)
class Login:
    """Basic auth of `user`, or a bearer token when `user` is empty.

    Grafana Cloud takes the metrics instance id as user and an access policy token as password. `setting` is the key of
    the secret, for messages.
    """

    resolve: Callable[[], Secret]
    user: str = ""
    setting: str = "prometheus.password"

    def __call__(self, request: "PreparedRequest") -> "PreparedRequest":
        """Sign a request: `requests` calls its `auth` like this."""
        secret = self.resolve()
        if self.user:
            pair = b64encode(f"{self.user}:{secret.reveal()}".encode()).decode()
            request.headers["Authorization"] = f"Basic {pair}"
        elif secret.is_token:
            request.headers["Authorization"] = f"Bearer {secret.reveal()}"
        else:
            raise SecretError(f"{self.setting} is not a token: it is empty or has spaces or letters beyond ASCII")
        return request
