"""The tools for assistants, through the protocol's official client."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import httpx
import pytest

from index.embedder import Embedder
from index.store import Store
from tests.loops import run
from tests.serving import served
from ui.auth import Accounts, account_line

mcp = pytest.importorskip("mcp", reason="needs the extra mcp")
from mcp.client.streamable_http import streamablehttp_client  # noqa: E402

Result = TypeVar("Result")
QUESTION = "what is the trade volume?"


@pytest.fixture(scope="module")
def address(library: Store, embedder: Embedder) -> Iterator[str]:
    with served(library, embedder, mcp=True) as where:
        yield where


def speak(
    address: str,
    say: Callable[[Any], Awaitable[Result]],
    auth: httpx.Auth | None = None,
    path: str = "/mcp/",
) -> Result:
    async def session() -> Result:
        async with (
            streamablehttp_client(f"{address}{path}", auth=auth) as (read, write, _),
            mcp.ClientSession(read, write) as client,
        ):
            await client.initialize()
            return await say(client)

    return run(session())


def test_three_tools_with_their_descriptions(address: str) -> None:
    tools = {tool.name: tool for tool in speak(address, lambda c: c.list_tools()).tools}
    assert set(tools) == {"ask", "retrieve", "list_articles"}
    ask = tools["ask"]
    assert ask.description.startswith("Answer a question with the sentence of an article")
    assert "ids of the articles to ask about" in ask.description
    assert ask.inputSchema["required"] == ["question"]
    assert ask.inputSchema["properties"]["k"] == {"default": 3, "title": "K", "type": "integer"}
    assert {"status", "citations", "passages"} <= set(ask.outputSchema["properties"])
    assert all(tool.annotations.readOnlyHint for tool in tools.values())


def test_the_address_works_without_its_slash_too(address: str) -> None:
    assert len(speak(address, lambda c: c.list_tools(), path="/mcp").tools) == 3


def test_an_answer_is_json_with_its_place(address: str, library: Store) -> None:
    reported = speak(address, lambda c: c.call_tool("ask", {"question": QUESTION}))
    assert not reported.isError
    answer = reported.structuredContent
    assert json.loads(reported.content[0].text) == answer
    (citation,) = answer["citations"]
    text = library.article(citation["article"]).text
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "3 مليارات دولار" in citation["quote"]


def test_articles_are_listed_and_chosen(address: str, library: Store) -> None:
    listed = speak(address, lambda c: c.call_tool("list_articles", {})).structuredContent["result"]
    assert [row["title"] for row in listed] == [article.title for article in library.articles]
    asked = {"question": QUESTION, "articles": [listed[1]["id"]], "k": 1}
    found = speak(address, lambda c: c.call_tool("retrieve", asked)).structuredContent["result"]
    assert [passage["article"] for passage in found] == [listed[1]["id"]]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"question": " "}, "the question is empty"),
        ({"question": "x", "articles": ["none"]}, "there is no article 'none'"),
        ({"question": 7}, "valid string"),
        ({}, "required"),
    ],
)
def test_a_bad_call_says_why(address: str, asked: dict[str, object], reason: str) -> None:
    reported = speak(address, lambda c: c.call_tool("ask", asked))
    assert reported.isError
    assert reason in reported.content[0].text


def test_another_sites_page_is_refused(address: str) -> None:
    sent = httpx.post(f"{address}/mcp/", headers={"Origin": "https://evil.example"}, json={})
    assert sent.status_code == 403
    sent = httpx.post(f"{address}/mcp/", headers={"Host": "evil.example"}, json={})
    assert sent.status_code == 421


def test_accounts_stand_before_the_tools(store: Store, embedder: Embedder) -> None:
    accounts = Accounts(dict([account_line("amel", "open sesame").split(":", 1)]))
    with served(store, embedder, mcp=True, accounts=accounts) as address:
        assert httpx.post(f"{address}/mcp/", json={}).status_code == 401
        auth = httpx.BasicAuth("amel", "open sesame")
        tools = speak(address, lambda c: c.list_tools(), auth)
        assert len(tools.tools) == 3


def test_without_the_option_there_are_none(store: Store, embedder: Embedder) -> None:
    with served(store, embedder) as address:
        assert httpx.post(f"{address}/mcp/", json={}).status_code in (404, 405)
