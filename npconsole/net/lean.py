"""httpx without its command line: import it from here.

`import httpx` runs `httpx._main` for the sake of the `httpx` command, and with it click, rich and pygments when they
are installed, which takes as long as the rest of httpx. A None in `sys.modules` makes that import fail, a case that
httpx itself provides for; its command then says that it is not installed, everything else is the same.
"""

import sys

_COMMAND_LINE = "httpx._main"

if _COMMAND_LINE in sys.modules:
    import httpx
else:
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # None is how an import is blocked
    try:
        import httpx
    finally:
        del sys.modules[_COMMAND_LINE]

__all__ = ["httpx"]
