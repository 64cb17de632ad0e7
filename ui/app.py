"""The Gradio page: a chat beside the article, and the typed endpoints for programs."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from functools import lru_cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import qa
from index.articles import detect_language, seed_articles
from index.embedder import Embedder
from index.errors import ArticleQAError
from index.store import Store
from qa.answer import Answer, Citation, Passage
from qa.errors import QuestionError
from qa.explain import explain
from qa.plain import answer_as_json, passage_as_json
from qa.writer import Writer
from ui import render, strings
from ui.chatbot import chatbot

if TYPE_CHECKING:
    import gradio as gr

    from qa.extractive import ExtractiveModel

_ANSWERS = 256  # remembered
_REMEMBERED = 3  # questions before the last that a follow-up may lean on

logger = logging.getLogger(__name__)

# Only the panel scrolls: on a phone the page stays at the answer.
_SCROLL = """() => requestAnimationFrame(() => {
  const mark = document.querySelector('#article mark');
  const panel = mark && mark.closest('article');
  if (panel) panel.scrollTop += mark.getBoundingClientRect().top
    - panel.getBoundingClientRect().top - panel.clientHeight / 3;
})"""


def serve(
    store: Store,
    embedder: Embedder,
    *,
    host: str,
    port: int,
    reader: ExtractiveModel | None = None,
    writer: Writer | None = None,
) -> int:
    """Serve the chat until Ctrl-C; return the exit code."""
    # Gradio reads this when it is imported: no usage figures leave this machine.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    app = build(store, embedder, reader, writer)
    try:
        # Gradio tries for ten seconds and then blames the port, whatever it was.
        socket.create_server((host, port)).close()
        _, address, _ = launch(app, host=host, port=port)
    except (OSError, ValueError) as error:
        raise ArticleQAError(
            f"cannot serve on {host}:{port} ({error}); try another --port or --host"
        ) from error
    print(f"The chat is at {address.rstrip('/')} (Ctrl-C stops it)", flush=True)
    app.block_thread()
    return 0


def launch(app: gr.Blocks, *, host: str, port: int) -> tuple[Any, str, str]:
    """Start the server in the background, quietly; return what Gradio's launch returns."""
    import gradio as gr

    started: tuple[Any, str, str] = app.launch(
        server_name=host,
        server_port=port or _free_port(host),
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size="1mb",
        footer_links=["api"],
        theme=gr.themes.Default(),
        css=files("ui").joinpath("style.css").read_text(encoding="utf-8"),
    )
    return started


def _free_port(host: str) -> int:
    """Return a port that is free now: Gradio takes 0 for a port number, not for any port."""
    with socket.create_server((host, 0)) as server:
        return int(server.getsockname()[1])


def build(
    store: Store,
    embedder: Embedder,
    reader: ExtractiveModel | None = None,
    writer: Writer | None = None,
) -> gr.Blocks:
    """Lay the page out over a store."""
    import gradio as gr

    if not store.articles:
        raise ArticleQAError("the store holds no articles; add some with: article-qa index")
    chat = Chat(store, embedder, reader, writer)
    app: gr.Blocks
    with gr.Blocks(title="article-qa", analytics_enabled=False, fill_width=True) as app:
        gr.HTML(render.header(store.articles), elem_id="head")
        with gr.Row():
            panel = gr.HTML(
                render.article_panel(store.articles[0]), elem_id="article", render=False
            )
            with gr.Column(min_width=320):
                gr.ChatInterface(
                    chat.reply,
                    chatbot=chatbot(),
                    textbox=gr.Textbox(
                        elem_id="question",
                        placeholder=strings.PLACEHOLDER,
                        show_label=False,
                        container=False,
                        max_length=2_000,
                        submit_btn=True,
                        autofocus=True,
                    ),
                    examples=_examples(store),
                    additional_outputs=[panel],
                    api_visibility="private",
                    flagging_mode="never",
                )
            with gr.Column(min_width=320):
                panel.render()  # type: ignore[no-untyped-call]  # gradio leaves it untyped
        panel.change(None, js=_SCROLL, api_visibility="private")
        gr.api(chat.retrieve, api_name="retrieve")
        gr.api(chat.ask, api_name="ask")
    return app


def _examples(store: Store) -> list[list[str]] | None:
    """Return the examples for the shipped article; they would be no questions of another."""
    if {article.id for article in store.articles} != {article.id for article in seed_articles()}:
        return None
    return [[example] for example in strings.EXAMPLES]


def _questions(history: list[dict[str, Any]]) -> list[str]:
    """Return what was asked before: a turn that is retried or edited leaves no state behind."""
    blocks = [turn["content"] for turn in history if turn["role"] == "user"]
    texts = [
        b if isinstance(b, str) else "".join(part.get("text", "") for part in b) for b in blocks
    ]
    return [text for text in texts if text.strip()]


def _holds(passage: Passage, citation: Citation) -> bool:
    chunk = passage.chunk
    inside = chunk.start <= citation.start and citation.end <= chunk.end
    return chunk.article_id == citation.article_id and inside


class Chat:
    """The handlers of the page, over one store."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        reader: ExtractiveModel | None = None,
        writer: Writer | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._store = store
        self._embedder = embedder
        self._articles = {article.id: article for article in store.articles}
        # Each question of a conversation is asked again for the next one that leans on it.
        self._asked = lru_cache(maxsize=_ANSWERS)(self._ask)

    def reply(self, message: str, history: list[dict[str, Any]]) -> Iterator[tuple[list[Any], str]]:
        """Yield the answer's message and its article panel, more of it as an LLM writes."""
        panel = render.article_panel(self._store.articles[0])
        if not message.strip():
            yield [strings.EMPTY_QUESTION], panel
            return
        try:
            for answer in self._answers(message, history):
                yield self._shown(answer)
        except ArticleQAError as error:
            yield [str(error)], panel
        except Exception:  # one bad question must not end the chat
            logger.exception("a question could not be answered")
            yield [strings.FAILED], panel

    def _answers(self, question: str, history: list[dict[str, Any]]) -> Iterator[Answer]:
        previous = None
        for before in _questions(history)[-_REMEMBERED:]:
            previous = self._earlier(before, previous)
        if self._writer is None:
            yield self._asked(question, previous)
        else:
            asked = partial(qa.stream, store=self._store, embedder=self._embedder)
            yield from asked(question, reader=self._reader, writer=self._writer, previous=previous)

    def _earlier(self, question: str, previous: Answer | None) -> Answer | None:
        try:
            return self._asked(question, previous)
        except ArticleQAError:
            return None  # it was told then; the next question does not lean on it

    def _ask(self, question: str, previous: Answer | None) -> Answer:
        return qa.ask(
            question,
            store=self._store,
            embedder=self._embedder,
            reader=self._reader,
            previous=previous,
        )

    def _shown(self, answer: Answer) -> tuple[list[Any], str]:
        import gradio as gr

        language = detect_language(answer.question)
        notice = render.understood(answer) + render.notice(answer)
        if answer.status == "not_in_article":
            nearest = [self._articles[p.chunk.article_id] for p in answer.passages[:1]]
            panel = render.article_panel((*nearest, self._store.articles[0])[0])
            told = [strings.not_in_article(language), gr.HTML(notice + render.nearest(answer))]
            return told, panel
        article = self._articles[answer.citations[0].article_id]
        panel = render.article_panel(article, answer.citations, answer.emphasis)
        text = render.as_written(answer, language)
        places = render.citations(answer, self._articles, language)
        return [text, gr.HTML(notice + places + self._reasons(answer, language))], panel

    def _reasons(self, answer: Answer, language: str) -> str:
        """Return why the passage of the first citation was chosen."""
        cited = answer.citations[0]
        holding = [p for p in answer.passages if _holds(p, cited)][:1]
        found = explain(answer.sought or answer.question, holding, self._store, self._embedder)
        return "".join(render.reasons(explanation, language) for explanation in found)

    def ask(self, question: str, k: int = 3) -> dict[str, Any]:
        """Answer a question over the article.

        Args:
            question: in any of the model's languages.
            k: how many passages to return.

        Returns:
            question, status (answered or not_in_article), text, confidence, span and its
            confidence, citations (article, start, end, quote) and passages (article, start, end,
            text, score, rank); offsets count code points.
        """
        return answer_as_json(self._checked(partial(qa.ask, reader=self._reader), question, k))

    def retrieve(self, question: str, k: int = 3) -> list[dict[str, Any]]:
        """Find the passages that bear on a question.

        Args:
            question: in any of the model's languages.
            k: how many passages to return.

        Returns:
            the passages, best first: article, start, end, text, score, rank.
        """
        return [passage_as_json(p) for p in self._checked(qa.retrieve, question, k)]

    def _checked(self, verb: Any, question: object, k: object) -> Any:
        import gradio as gr

        try:
            # The endpoint's numbers come as JSON's, 2.0 for 2; raw callers may send anything.
            if not isinstance(question, str) or not isinstance(k, int | float) or k != k // 1:
                raise QuestionError("question must be text and k a whole number")
            return verb(question, int(min(k, 10_000)), store=self._store, embedder=self._embedder)
        except ArticleQAError as error:
            # The caller hears of it; the log need not.
            raise gr.Error(str(error), print_exception=False) from error
