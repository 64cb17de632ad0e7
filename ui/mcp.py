"""The endpoints as tools of the Model Context Protocol, by the protocol's own server.

Gradio has one too; it answers in Python's notation, not in JSON, and asks nobody for an account.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING, Any

from ui.endpoints import Endpoints, with_signature_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp

MCP_PATH = "/mcp"
_ABOUT = (
    "Answers questions over articles, across languages, with the exact sentence and its place. "
    "Quote the citation; when the status is not_in_article, say that the articles do not say."
)


class McpServer:
    """An MCP server over the endpoints: an ASGI application, and what must run beside it."""

    def __init__(self, endpoints: Endpoints, *, on_loopback: bool) -> None:
        from anyio import to_thread
        from mcp.server.fastmcp import FastMCP
        from mcp.server.transport_security import TransportSecuritySettings
        from mcp.types import ToolAnnotations

        # On this machine alone, a web page of another site must not reach it by a name of its own.
        security = TransportSecuritySettings(
            enable_dns_rebinding_protection=on_loopback,
            allowed_hosts=["127.0.0.1:*", "localhost:*", "[::1]:*"],
            allowed_origins=["http://127.0.0.1:*", "http://localhost:*", "http://[::1]:*"],
        )
        server = FastMCP(
            "article-qa", _ABOUT, stateless_http=True, json_response=True,
            streamable_http_path="/", transport_security=security, log_level="WARNING",
        )  # fmt: skip

        def in_thread(function: Any) -> Any:
            """Make a tool of a function: the server's loop must go on while it answers."""

            async def call(**given: Any) -> Any:
                return await to_thread.run_sync(partial(function, **given))

            return with_signature_of(function, call)

        about = ToolAnnotations(readOnlyHint=True, openWorldHint=False)
        functions = {
            "ask": endpoints.ask, "retrieve": endpoints.retrieve,
            "list_articles": endpoints.articles,
        }  # fmt: skip
        for name, function in functions.items():
            server.add_tool(in_thread(function), name=name, annotations=about)
        self.application: ASGIApp = server.streamable_http_app()
        self._server = server

    def running(self) -> AbstractAsyncContextManager[None]:
        """Return what must run while the application serves."""
        return self._server.session_manager.run()
