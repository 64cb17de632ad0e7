"""The verbs as tools of the Model Context Protocol, by the protocol's own server.

Gradio has one too; it answers in Python's notation, not in JSON, and asks nobody for an account.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import partial
from inspect import getdoc
from typing import TYPE_CHECKING

from qa.answer import AnswerJson, ArticleJson, PassageJson
from ui.endpoints import Endpoints

if TYPE_CHECKING:
    from starlette.types import ASGIApp

PATH = "/mcp"
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

        # In threads: the server's loop must go on while one is answered.
        async def ask(
            question: str, k: int = 3, articles: list[str] | None = None,
            languages: list[str] | None = None, since: str = "", until: str = "",
            sources: list[str] | None = None,
        ) -> AnswerJson:  # fmt: skip
            given = question, k, articles, languages, since, until, sources
            return await to_thread.run_sync(partial(endpoints.ask, *given))

        async def retrieve(
            question: str, k: int = 3, articles: list[str] | None = None,
            languages: list[str] | None = None, since: str = "", until: str = "",
            sources: list[str] | None = None,
        ) -> list[PassageJson]:  # fmt: skip
            given = question, k, articles, languages, since, until, sources
            return await to_thread.run_sync(partial(endpoints.retrieve, *given))

        async def list_articles(start: int = 0, count: int = 1000) -> list[ArticleJson]:
            return await to_thread.run_sync(partial(endpoints.articles, start, count))

        about = ToolAnnotations(readOnlyHint=True, openWorldHint=False)
        tools = (
            (ask, Endpoints.ask),
            (retrieve, Endpoints.retrieve),
            (list_articles, Endpoints.articles),
        )
        for tool, verb in tools:
            server.add_tool(tool, description=getdoc(verb), annotations=about)
        self.application: ASGIApp = server.streamable_http_app()
        self._server = server

    def running(self) -> AbstractAsyncContextManager[None]:
        """Return what must run while the application serves."""
        return self._server.session_manager.run()
