"""How the server listens."""

from __future__ import annotations

import asyncio
import socket

import pytest

from desirepath.errors import DesirepathError
from desirepath.server.run import listen


def test_answers_do_not_wait_for_the_other_side() -> None:
    async def delayed() -> bool:
        seen: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def come(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            seen.set_result(not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listener = listen("127.0.0.1", 0)
        async with await asyncio.start_server(come, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            writer.close()
            return await seen

    assert not asyncio.run(delayed())


def test_a_port_that_is_taken_is_told() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(DesirepathError, match="choose another with --port"):
        listen("127.0.0.1", first.getsockname()[1])
