"""The typed endpoints, through the official client."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from gradio_client import Client

from index.embedder import Embedder
from index.store import Store
from tests.serving import served

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
        "language": "en", "characters": len(library.articles[1].text),
    }  # fmt: skip
    river = [listed[1]["id"]]
    assert client.predict(QUESTION, 3, river, api_name="/ask")["status"] == "not_in_article"
    passages = client.predict(QUESTION, articles=river, api_name="/retrieve")
    assert {passage["article"] for passage in passages} == set(river)


def test_only_these_three_are_public_and_typed(client: Client, address: str) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(endpoints) == {"/ask", "/retrieve", "/articles"}
    types = {p["parameter_name"]: p["python_type"]["type"] for p in endpoints["/ask"]["parameters"]}
    assert set(types.pop("articles").split(" | ")) == {"list[str]", "None"}
    assert types == {"question": "str", "k": "int"}
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
