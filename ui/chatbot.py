"""The list of messages: Gradio's Chatbot, made to show text as it is."""

from __future__ import annotations

from html import escape, unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr


def chatbot() -> gr.Chatbot:
    """Return a Chatbot whose text messages are text: no Markdown, no HTML, no LaTeX.

    Gradio puts a message into the page as HTML even when it does not render Markdown, so that
    its sanitiser would cut "<b>" out of a quote. Messages are escaped on their way to the page
    and back again on their way from it; the sanitiser stays on behind that.
    """
    import gradio as gr

    messages = gr.Chatbot(
        elem_id="chat",
        label="Chat",
        height="min(60vh, 36rem)",
        buttons=["copy", "copy_all"],
        render_markdown=False,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        feedback_options=None,
    )
    # On the instance, which mypy takes for a mistake: a subclass of a component makes Gradio write
    # a .pyi file beside our code.
    to_page, from_page = messages.postprocess, messages.preprocess

    def postprocess(value: Any) -> Any:
        return _with_texts(to_page(value), lambda text: escape(text, quote=False))

    def preprocess(payload: Any) -> Any:
        return from_page(_with_texts(payload, unescape))

    messages.postprocess = postprocess  # type: ignore[method-assign]
    messages.preprocess = preprocess  # type: ignore[method-assign]
    return messages


def _with_texts(data: Any, change: Any) -> Any:
    """Return a copy of Gradio's chat data with each text message changed."""
    if data is None:
        return None
    data = data.model_copy(deep=True)
    for message in data.root:
        for content in message.content:
            if content.type == "text":
                content.text = change(content.text)
    return data
