"""The Gradio page: a chat beside the articles, and the typed endpoints for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.retriever import MAX_QUESTION
from ui.article_events import on_adding, on_choice, on_filters, on_opening, on_removal
from ui.chat import ChatService
from ui.chat_events import (
    on_citations,
    on_export,
    on_feedback,
    on_history,
    on_questions,
    on_storage,
)
from ui.endpoints import Endpoints, publish
from ui.intake import Intake
from ui.layout import lay_out
from ui.request import Rate

if TYPE_CHECKING:
    import gradio as gr

    from qa.extractive import ExtractiveModel
    from qa.writer import Writer
    from ui.library import Library
    from ui.logs import Feedback, QuestionLog


_SWEPT, _KEPT = 300, 900  # seconds: how often uploads are deleted, and how old they are then


def build(
    library: Library,
    endpoints: Endpoints,
    *,
    reader: ExtractiveModel | None = None,
    writer: Writer | None = None,
    feedback: Feedback | None = None,
    log: QuestionLog | None = None,
    adding: str = "",
) -> gr.Blocks:
    """Lay the page out over a library and wire it; ``endpoints`` are what programs call.

    ``adding`` is how often one client may add an article, such as "20 per 10 minutes".
    """
    import gradio as gr

    service, intake = ChatService(library, reader, writer, log), Intake(library)
    app: gr.Blocks
    with gr.Blocks(
        title="article-qa",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(_SWEPT, _KEPT),
    ) as app:
        publish(endpoints)  # first: they have the plain names
        page = lay_out(feedback is not None, MAX_QUESTION)
        on_opening(app, page, service, intake)
        on_questions(page, service, intake)
        on_citations(page, service)
        on_history(page, service, intake)
        on_storage(page)
        on_export(page)
        on_choice(page, service, intake)
        on_adding(page, service, intake, Rate(adding))
        on_removal(page, service, intake)
        on_filters(page, intake)
        if feedback is not None:
            on_feedback(page, feedback)
    return app
