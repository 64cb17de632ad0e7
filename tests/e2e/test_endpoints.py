"""The typed endpoints, through the official client."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from tests.serving import served
from ui.app import build
from ui.endpoints import Endpoints
from ui.library import Library
from ui.middleware import Rates
from ui.server import Settings, serve_in_background

QUESTION = "what is the trade volume?"


@pytest.fixture(scope="module")
def address(library: Store, embedder: Embedder) -> Iterator[str]:
    with served(library, embedder) as where:
        yield where


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return Client(address, verbose=False)


def test_ask(client: Client, library: Store) -> None:
    answer = client.predict(QUESTION, api_name="/ask")
    assert answer["status"] == "answered"
    (citation,) = answer["citations"]
    text = library.article(citation["article"]).text
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "3 مليارات دولار" in citation["quote"]
    assert len(answer["passages"]) == 3


def test_filters(client: Client, library: Store) -> None:
    chinese = client.predict(QUESTION, 9, None, ["zh"], api_name="/retrieve")
    assert {p["article"] for p in chinese} == {library.articles[2].id}
    river = client.predict(
        "How far did it rise?", sources=["river.txt"], languages=["en", "zh"], api_name="/ask"
    )
    assert {p["article"] for p in river["passages"]} == {library.articles[1].id}
    assert client.predict(QUESTION, since="2024-01-01", api_name="/retrieve") == []  # none is dated
    both = client.predict(QUESTION, 9, [library.articles[1].id], ["zh"], api_name="/retrieve")
    assert both == []
    for wrong, reported in (
        ({"since": "yesterday"}, "since is 'yesterday', not a day"),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "is after until"),
        ({"languages": "ar"}, "languages must be a list"),
        ({"sources": [1]}, "sources must be a list of texts"),
    ):
        with pytest.raises(AppError, match=reported):
            client.predict(QUESTION, **wrong, api_name="/ask")


def test_sources_are_named_as_they_are_listed(embedder: Embedder) -> None:
    """Those of files by name, though a store knows the path; sites as people write them."""
    files = Article.of("It rose by 3 metres.", source="/srv/news/river.txt", language="en")
    page = Article.of("It rose by 4 metres.", source="https://www.port.example/a", language="en")
    programs = Endpoints(Library(Store.build([files, page], embedder), embedder))
    for row, article in zip(programs.articles(), (files, page), strict=True):
        (passage,) = programs.retrieve("How far did it rise?", sources=[row["source"]])
        assert passage["article"] == article.id
    for site in ("port.example", "www.port.example", "Port.Example"):
        (passage,) = programs.retrieve("How far did it rise?", sources=[site])
        assert passage["article"] == page.id
    assert programs.articles(start=1e300) == []  # type: ignore[arg-type]  # as JSON may have it


def test_retrieve(client: Client, library: Store) -> None:
    passages = client.predict(QUESTION, 5, api_name="/retrieve")
    assert [p["rank"] for p in passages] == [1, 2, 3, 4, 5]
    for passage in passages:
        text = library.article(passage["article"]).text
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_articles_are_listed_and_chosen(client: Client, library: Store) -> None:
    listed = client.predict(api_name="/articles")
    assert [row["id"] for row in listed] == [article.id for article in library.articles]
    assert listed[0]["byline"] == "منال.ب"
    assert listed[1] == {
        "id": library.articles[1].id, "title": "River levels", "byline": "", "source": "river.txt",
        "language": "en", "date": "", "characters": len(library.articles[1].text),
    }  # fmt: skip
    river = [listed[1]["id"]]
    assert client.predict(QUESTION, 3, river, api_name="/ask")["status"] == "not_in_article"
    passages = client.predict(QUESTION, articles=river, api_name="/retrieve")
    assert {passage["article"] for passage in passages} == set(river)


def test_only_these_three_are_public_and_typed(client: Client, address: str) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(endpoints) == {"/ask", "/retrieve", "/articles"}
    types = {p["parameter_name"]: p["python_type"]["type"] for p in endpoints["/ask"]["parameters"]}
    for name in ("articles", "languages", "sources"):
        assert set(types.pop(name).split(" | ")) == {"list[str]", "None"}
    assert types == {"question": "str", "k": "int", "since": "str", "until": "str"}
    described = httpx.get(f"{address}/gradio_api/openapi.json").json()
    asked = described["paths"]["/gradio_api/call/v2/ask"]["post"]
    assert asked["summary"].startswith("Answer a question with the sentence of an article")
    schema = asked["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert (schema["question"]["type"], schema["k"]["type"]) == ("string", "integer")


@pytest.mark.parametrize(
    ("question", "k", "articles", "reason"),
    [
        (" ", 3, None, "the question is empty"),
        ("x", 0, None, "k is 0"),
        ("x", 1.5, None, "k a whole number"),
        (None, 3, None, "question must be text"),
        ("x", 3, ["none"], "there is no article 'none'; list them first"),
        ("x", 3, "none", "articles must be a list of ids"),
        ("x", 3, [{"a": 1}], "there is no article .*; list them first"),
    ],
)
def test_a_bad_call_says_why(
    client: Client, question: str, k: int, articles: list[str], reason: str
) -> None:
    with pytest.raises(Exception, match=reason):
        client.predict(question, k, articles, api_name="/ask")


def test_a_programs_questions_leave_nothing_behind(library: Store, embedder: Embedder) -> None:
    shelves = Library(library, embedder)
    page = build(shelves, Endpoints(shelves))
    free = Rates(requests="", uploads="")
    with serve_in_background(page, Settings(host="127.0.0.1", port=0, rates=free)) as address:
        for _ in range(5):
            reported = httpx.post(
                f"{address}/gradio_api/call/articles", json={"data": [0, 1]}
            ).json()
            event = f"{address}/gradio_api/call/articles/{reported['event_id']}"
            assert "event: complete" in httpx.get(event).text
        for _ in range(100):  # forgotten once the answer is sent, which may be after it is read
            if not page.state_holder.session_data:
                break
            time.sleep(0.05)
        assert not page.state_holder.session_data
        assert not page.state_holder.time_last_used
        assert not page._queue.pending_event_ids_session
