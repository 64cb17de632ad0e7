"""The list of messages: Gradio's Chatbot, made to show text as it is."""

from __future__ import annotations

from html import escape, unescape
from typing import TYPE_CHECKING, Any

from ui.messages import message
from ui.strings import Language
from ui.talk import Talk

if TYPE_CHECKING:
    import gradio as gr


def chatbot(label: Any, feedback: bool) -> gr.Chatbot:
    """Return the list of messages; with thumbs if feedback is kept."""
    import gradio as gr

    return gr.Chatbot(
        elem_id="chat",
        label=label,
        height="min(60vh, 36rem)",
        buttons=[],
        editable="user",
        render_markdown=False,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        feedback_options=["Like", "Dislike"] if feedback else None,
    )


def messages_of(talk: Talk, waiting: str, page: Language) -> list[dict[str, Any]]:
    """Return a conversation as messages: two a turn, and the question that waits."""
    import gradio as gr

    shown: list[dict[str, Any]] = []
    for number, turn in enumerate(talk):
        shown.append({"role": "user", "content": to_page(turn.question)})
        said = gr.HTML(message(turn, number, page), padding=False)
        shown.append({"role": "assistant", "content": said})
    if waiting:
        shown.append({"role": "user", "content": to_page(waiting)})
    return shown


def to_page(text: str) -> str:
    """Return a text as the list of messages takes it.

    Gradio puts a message into the page as HTML even when it does not render Markdown, so that
    its sanitiser would cut "<b>" out of it.
    """
    return escape(text, quote=False)


def from_page(text: str) -> str:
    """Return the text of a message that comes back from the page, as one that was edited."""
    return unescape(text)
