"""The typed endpoints, through the official client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gradio_client import Client

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from ui.app import build, launch

QUESTION = "what is the trade volume?"


@pytest.fixture(scope="module")
def client(store: Store, embedder: Embedder) -> Iterator[Client]:
    app = build(store, embedder)
    _, address, _ = launch(app, host="127.0.0.1", port=0)
    yield Client(address, verbose=False)
    app.close()


def test_ask(client: Client, article: Article) -> None:
    answer = client.predict(QUESTION, api_name="/ask")
    assert answer["status"] == "answered"
    (citation,) = answer["citations"]
    assert article.text[citation["start"] : citation["end"]] == citation["quote"]
    assert "3 مليارات دولار" in citation["quote"]
    assert len(answer["passages"]) == 3


def test_retrieve(client: Client, article: Article) -> None:
    passages = client.predict(QUESTION, 5, api_name="/retrieve")
    assert [p["rank"] for p in passages] == [1, 2, 3, 4, 5]
    for passage in passages:
        assert article.text[passage["start"] : passage["end"]] == passage["text"]


def test_only_these_two_are_public_and_typed(client: Client) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(endpoints) == {"/ask", "/retrieve"}
    names = [
        (p["parameter_name"], p["python_type"]["type"]) for p in endpoints["/ask"]["parameters"]
    ]
    assert names == [("question", "str"), ("k", "float")] or names == [
        ("question", "str"),
        ("k", "int"),
    ]


@pytest.mark.parametrize(
    ("question", "k", "reason"),
    [(" ", 3, "the question is empty"), ("x", 0, "k is 0"), ("x", 1.5, "k a whole number")],
)
def test_a_bad_call_says_why(client: Client, question: str, k: int, reason: str) -> None:
    with pytest.raises(Exception, match=reason):
        client.predict(question, k, api_name="/ask")
