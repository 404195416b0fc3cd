import asyncio
import socket

import httpx
from litestar import Litestar

from matchmaker.cli.serve import server_of
from matchmaker.web.request_log import RequestLog


async def test_the_server_answers_over_a_socket_and_stops_when_asked(app: Litestar) -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = server_of(RequestLog(app), "127.0.0.1", port)
    running = asyncio.create_task(server._serve([listener]))
    async with asyncio.timeout(20):
        for _ in range(1000):
            if server.started:
                break
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            answer = await client.get("/health/live")
        server.should_exit = True
        await running
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert answer.headers["x-request-id"]
