"""TLS for clients: always verified, and blind to SSL_CERT_FILE and SSLKEYLOGFILE of the environment."""

import ssl
from pathlib import Path

import certifi


def client_context(ca_file: str = "") -> ssl.SSLContext:
    """A context that trusts `ca_file`, or else the host's certificates, or else certifi's on a host without any.

    `ssl.create_default_context` is avoided because it writes session keys to the file that SSLKEYLOGFILE names.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
        return context
    built_in = ssl.get_default_verify_paths()
    directory, bundle = Path(built_in.openssl_capath), Path(built_in.openssl_cafile)
    has_directory = directory.is_dir() and any(directory.iterdir())
    if has_directory or bundle.is_file():
        context.load_verify_locations(
            cafile=bundle if bundle.is_file() else None, capath=directory if has_directory else None
        )
    else:
        context.load_verify_locations(cafile=certifi.where())
    return context
