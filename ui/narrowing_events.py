"""What happens when the page's filters are changed."""

# Without `from __future__ import annotations`, as ui/talk_events.py says.

from html import escape
from typing import Any

from index.errors import ArticleQAError
from ui.desk import Desk, not_done
from ui.failures import message_of
from ui.layout import Parts
from ui.narrowing import GATHER, filter_in
from ui.strings import number, page_text
from ui.talk_events import visitor_in


def on_filters(parts: Parts, desk: Desk) -> None:
    """Keep what the fields hold for the next question, and tell how many articles that leaves."""
    import gradio as gr

    def left(fields: Any, chosen: list[str], request: gr.Request) -> str:
        visitor = visitor_in(request)
        try:
            where = filter_in(fields)
            if where is None:
                return ""
            count = desk.library.chosen(visitor.session, tuple(chosen), where).counts.articles
        except ArticleQAError as error:
            return not_done(message_of(error), visitor.language)
        name = "articles" if count else "none passes"
        told = f"{number(count, visitor.language)} · {page_text(name, visitor.language)}"
        return f'<p class="told" role="status" dir="auto">{escape(told)}</p>'

    _, *texts = parts.filters
    # In the browser alone, with each letter: what is asked next is asked with what is seen.
    gather: dict[str, Any] = {
        "fn": None, "inputs": [*parts.filters], "outputs": parts.where, "js": GATHER,
        "api_visibility": "private",
    }  # fmt: skip
    gr.on([field.input for field in texts], **gather)
    # Not when a field is left: whoever leaves it for the question has both sent at one moment,
    # and Gradio's page can lose an answer that is asked for just as its last stream ends.
    tell: dict[str, Any] = {
        "fn": left, "inputs": [parts.where, parts.chosen], "outputs": parts.left,
        "api_visibility": "private", "show_progress": "hidden",
        "trigger_mode": "always_last",  # or what changes while the last is told of stays untold
    }  # fmt: skip
    told = [parts.languages.change, *(field.submit for field in texts)]
    gr.on(told, **gather).then(**tell)
