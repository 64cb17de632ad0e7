from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.embedder import Embedder
from index.store import Store
from qa import ask
from tests.texts import mixed_text
from tests.unit.ui.seen import Seen
from ui.export import as_file, as_markdown, as_page
from ui.talk import CitedPlace, Sentence, Turn, turn_of

PLACE = CitedPlace("a", "Title", "file.txt", 4, 10, 20, "the quote.")
WRITTEN = Turn(
    "How much?", "en", "answered", "It is 3. Or 4.", places=(PLACE,),
    sentences=(Sentence("It is 3.", (1,)), Sentence("Or 4.", ())),
)  # fmt: skip


def test_a_conversation_as_markdown(store: Store, embedder: Embedder) -> None:
    (article,) = store.articles
    talk = tuple(
        turn_of(ask(q, store=store, embedder=embedder), store, "en")
        for q in ("what is the trade volume?", "What is the capital of Mongolia?")
    )
    html = MarkdownIt("commonmark").render(as_markdown(talk, "en"))
    seen = Seen(html)
    assert seen.tags == {"h2", "p", "blockquote"}
    for text in (
        "what is the trade volume?", talk[0].text, "[1] " + article.title, "paragraph 4, 508–763",
        "The article does not say.",
    ):  # fmt: skip
        assert text in seen.text


def test_an_llms_sentences_keep_their_numbers() -> None:
    text = Seen(MarkdownIt("commonmark").render(as_markdown((WRITTEN,), "en"))).text
    assert "It is 3. [1]" in text
    assert "Or 4. (not supported by the passages)" in text
    assert "the quote." in text


def test_a_page_stands_alone_and_leads_to_its_quotes() -> None:
    html = as_page((WRITTEN, WRITTEN), "ar")
    seen = Seen(html.removeprefix("<!doctype html>\n"))
    assert ("dir", "rtl") in seen.attributes
    assert "src" not in dict(seen.attributes)
    targets = [href.removeprefix("#") for href in seen.all("href")]
    assert targets == ["t0-1", "t1-1"]
    assert set(targets) <= set(seen.all("id"))
    assert "default-src 'none'" in html


@given(mixed_text() | st.text('<>[]()*_`#!"&:/\\ \n-+>ab', max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    place = CitedPlace(text, text, text, 1, 0, 1, text, "page", text)
    talk = (Turn(text, "en", "answered", text, places=(place,)),
            Turn(text, text, "not_in_article", nearest=place),
            Turn(text, "en", "failed", text))  # fmt: skip
    allowed = {"html", "head", "meta", "title", "style", "body", "h1", "section", "h2", "p", "a",
               "ul", "li", "blockquote", "bdi"}  # fmt: skip
    page = Seen(as_page(talk, "en").removeprefix("<!doctype html>\n"))
    assert page.tags <= allowed
    rendered = MarkdownIt("commonmark").enable("table").render(as_markdown(talk, "en"))
    assert Seen(rendered).tags <= {"h2", "p", "blockquote", "br"}


def test_files_have_names_and_types() -> None:
    assert as_file((WRITTEN,), "md", "en")["name"] == "conversation.md"
    assert as_file((WRITTEN,), "html", "en")["type"].startswith("text/html")
