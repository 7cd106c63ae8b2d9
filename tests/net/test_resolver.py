import asyncio
import socket
import sys
import threading
import time

import pytest

from npconsole.net.resolver import ResolveError, Resolver


def resolver(*addresses: str) -> Resolver:
    return Resolver(time.monotonic, lookup=lambda _: list(addresses))


async def test_an_address_needs_no_look_up() -> None:
    resolved = await resolver().resolve("169.254.169.254")
    assert resolved.addresses == ("169.254.169.254",)
    assert resolved.dns_ms is None


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.1.1"])
async def test_a_name_never_leads_to_a_link_local_address(address: str) -> None:
    with pytest.raises(ResolveError, match="link-local"):
        await resolver(address).resolve("metadata.example.com")
    assert (await resolver(address, "10.0.0.1").resolve("x.example.com")).addresses == ("10.0.0.1",)


async def test_families_take_turns_and_are_few() -> None:
    resolved = await resolver("2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2").resolve("x")
    assert resolved.addresses == ("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2")
    assert resolved.dns_ms is not None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "the name does not exist"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "no name server answers"),
        (socket.gaierror(-999, "x"), "could not be resolved"),
        (UnicodeError("x"), "not a valid host name"),
    ],
)
async def test_why_a_name_has_no_address(error: Exception, words: str) -> None:
    def fail(_: str) -> list[str]:
        raise error

    with pytest.raises(ResolveError, match=words):
        await Resolver(time.monotonic, lookup=fail).resolve("x")


async def test_many_wait_for_one_look_up_and_giving_up_harms_nobody() -> None:
    go_on, calls = threading.Event(), []

    def slow(host: str) -> list[str]:
        calls.append(host)
        go_on.wait(10)
        return ["192.0.2.1"]

    slow_resolver = Resolver(time.monotonic, lookup=slow)
    async with asyncio.TaskGroup() as group:
        patient = group.create_task(slow_resolver.resolve("x"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await slow_resolver.resolve("x")
        assert slow_resolver.is_waiting("x")
        go_on.set()
    assert patient.result().addresses == ("192.0.2.1",)
    assert calls == ["x"]
    assert not slow_resolver.is_waiting("x")


async def test_a_hanging_look_up_does_not_hold_up_the_exit() -> None:
    """The interpreter's exit waits for asyncio's executor threads, not for ours."""
    program = (
        "import asyncio, time\n"
        "from npconsole.net.resolver import Resolver\n"
        "async def main():\n"
        "    r = Resolver(time.monotonic, lookup=lambda _: time.sleep(60))\n"
        "    try:\n"
        "        async with asyncio.timeout(0.1): await r.resolve('x')\n"
        "    except TimeoutError: print('gave up')\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", program, stdout=asyncio.subprocess.PIPE
    )
    stdout, _ = await asyncio.wait_for(process.communicate(), timeout=20)
    assert (stdout, process.returncode) == (b"gave up\n", 0)
