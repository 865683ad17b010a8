"""The reference server of the staging contract (docs/STAGING.md): Starlette over a store on a database.

What is malformed is refused with what was given and what is allowed; while the database is away, or too many wait, the
caller is told to come again. A traceback goes to nobody.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from rules.errors import InputError, shown
from rules.records import WithdrawalStatus
from sim.store.asks import Result
from sim.stress.http.contract import Answer
from sim.stress.http.models import BODY, LAST
from sim.stress.http.shop import AWAY, OPEN, FullError, StagingShop, withdrawal, withdrawals_of

try:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route
except ImportError as error:  # pragma: no cover - an installation without the extra
    raise InputError("a shop behind HTTP needs Starlette and uvicorn", allowed="pip install 'fenxiao[http]'") from error

Found = TypeVar("Found")
Handler = Callable[[Request], Awaitable[Response]]
_AGAIN = {"Retry-After": "1"}
_log = logging.getLogger(__name__)
"""Says what went wrong on our side; never what a request held."""


def staging_app(shop: StagingShop, token: str | None = None) -> Starlette:
    """The shop as a web application; `token` is what every request but `GET /health` must bear, None = none."""

    async def post_event(request: Request) -> Response:
        asked = shop.read(await _body(request))
        reply = await asyncio.wrap_future(shop.ask(lambda counter: shop.bring(counter, asked)))
        told = Answer.of(reply, asked.source)
        return _json(told.model_dump_json(), 409 if reply.result is Result.conflict else 200)

    async def get_withdrawal(request: Request) -> Response:
        number = _whole(request.path_params["number"], "withdrawal")
        found = await asyncio.wrap_future(shop.ask(lambda counter: withdrawal(counter, number)))
        return _json(found.model_dump_json()) if found else _error(404, f"there is no withdrawal {number}")

    async def get_withdrawals(request: Request) -> Response:
        known = {"open": OPEN} | {one.name: (one,) for one in WithdrawalStatus}
        status = request.query_params.get("status", "open")
        if status not in known:
            raise InputError(f"status is {shown(status)}", allowed=", ".join(known))
        after = _whole(request.query_params.get("after", "-1"), "after")
        found = await asyncio.wrap_future(shop.ask(lambda counter: withdrawals_of(counter, known[status], after)))
        return _json(found.model_dump_json())

    async def health(_: Request) -> Response:
        return JSONResponse({"ok": True, "contract": 1})

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(shop.close)

    guarded = [
        Route("/events", _guarded(post_event, token), methods=["POST"]),
        Route("/withdrawals/{number}", _guarded(get_withdrawal, token), methods=["GET"]),
        Route("/withdrawals", _guarded(get_withdrawals, token), methods=["GET"]),
    ]
    routes = [Route("/health", health, methods=["GET"]), *guarded]
    return Starlette(routes=routes, lifespan=living, exception_handlers={HTTPException: _not_here})


def serve(app: Starlette, listener: socket.socket, grace: int) -> None:
    """Serve at a socket until a signal says stop; requests then have `grace` seconds to come to their end."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=grace
    )
    uvicorn.Server(config).run(sockets=[listener])


def _guarded(handler: Handler, token: str | None) -> Handler:
    """A handler that asks for the token, and whose errors become answers."""
    wanted = f"Bearer {token}".encode()

    async def answer(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if token is not None and not secrets.compare_digest(given, wanted):
            return _error(401, "no such token", "Authorization: Bearer and the token", {"WWW-Authenticate": "Bearer"})
        try:
            return await handler(request)
        except HTTPException:
            raise
        except ClientDisconnect:
            return _error(400, "the request broke off")
        except InputError as error:
            return _error(422, error.message, error.allowed)
        except FullError:
            return _error(503, "too many are waiting", "the same again in a second", _AGAIN)
        except AWAY as error:
            _log.warning("the database is away: %s", error)
            return _error(503, "the database is away", "the same again in a second", _AGAIN)
        except Exception as error:
            _log.error("%s %s: %s: %s", request.method, request.url.path, type(error).__name__, error)
            return _error(500, "the shop made a mistake")

    return answer


async def _body(request: Request) -> bytes:
    """The body of a request, not longer than the longest.

    Raises:
        HTTPException: it is too long, or of another kind.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "the body is not said to be JSON; allowed: Content-Type: application/json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            raise HTTPException(413, f"the body is longer than {BODY} bytes")
    return bytes(body)


def _whole(given: str, name: str) -> int:
    """A whole number in a path or query, from -1."""
    digits = given.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 17 and -1 <= int(given) <= LAST):
        raise InputError(f"{name} is {shown(given)}", allowed=f"a whole number from 0 to {LAST}")
    return int(given)


def _json(text: str, status: int = 200) -> Response:
    return Response(text, status, media_type="application/json")


def _error(status: int, said: str, allowed: str = "", headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": said, "allowed": allowed}, status, headers)


async def _not_here(_: Request, error: Exception) -> Response:
    """What Starlette itself refuses: no such path, no such method; and what is no JSON, or too much of it."""
    assert isinstance(error, HTTPException)
    return _error(error.status_code, error.detail, headers=dict(error.headers or {}))
