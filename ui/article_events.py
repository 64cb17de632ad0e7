"""What happens when articles are chosen, added and removed, and when the page is opened."""

# Without `from __future__ import annotations`, as ui/talk_events.py says.

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.articles import Article
from index.errors import StoreError
from ui.chatbot import messages_of
from ui.conversation import Conversation
from ui.desk import Added, Desk, Progress, not_done, removed, told
from ui.failures import message_of
from ui.head import head_of
from ui.layout import Parts
from ui.library import LISTED
from ui.rates import Rate
from ui.strings import language_name, number, page_text
from ui.talk import kept, kept_all, talk_from, talks_from, without
from ui.talk_events import choices_of, visitor_in
from ui.uploads import is_upload
from ui.visitors import Visitor

if TYPE_CHECKING:
    import gradio as gr

_TOO_OFTEN = "too many articles in a short time; wait some minutes"

logger = logging.getLogger(__name__)


def on_opening(app: "gr.Blocks", parts: Parts, conversation: Conversation, desk: Desk) -> None:
    """Show a visitor's articles and conversations when the page is opened."""
    import gradio as gr

    def opened(stored: Any, saved: Any, request: gr.Request) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        talk, talks = talk_from(stored, visitor.user), talks_from(saved, visitor.user)
        own = desk.library.removable(visitor.session) if desk.library.folder is None else ()
        chosen = (own[-1].id,) if own else _all(desk, visitor)
        shown = conversation.shown(visitor, talk, chosen)
        return (
            *_articles(desk, visitor, chosen),
            messages_of(talk, "", visitor.language),
            shown.panel,
            gr.update(choices=choices_of(talks), value=None),
        )

    outputs = [*_article_parts(parts), parts.messages, parts.panel, parts.earlier]
    app.load(
        opened, [parts.talk, parts.saved], outputs, api_visibility="private", show_progress="hidden"
    )


def on_choice(parts: Parts, conversation: Conversation, desk: Desk) -> None:
    """Show the first of the articles chosen, or the one picked among them."""
    import gradio as gr

    def choose(chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        shown = conversation.panel(visitor, None, tuple(chosen))
        return (*_articles(desk, visitor, tuple(chosen)), shown)

    def show(article_id: str | None, request: gr.Request) -> Any:
        chosen = (article_id,) if article_id else ()
        return conversation.panel(visitor_in(request), None, chosen)

    how: dict[str, Any] = {
        "api_visibility": "private", "show_progress": "hidden",
        "trigger_mode": "always_last",  # or a box ticked while the last is shown stays unshown
    }  # fmt: skip
    parts.chosen.input(choose, parts.chosen, [*_article_parts(parts), parts.panel], **how)
    parts.show.input(show, parts.show, parts.panel, **how)


def on_articles(parts: Parts, conversation: Conversation, desk: Desk, rate: Rate) -> None:
    """Take articles in, as often as a client may, and out again."""
    import gradio as gr

    waiting = gr.Progress()

    def taken(
        request: gr.Request, chosen: list[str], add: Callable[[Visitor], Added]
    ) -> tuple[Any, ...]:
        visitor, client = visitor_in(request), getattr(request.client, "host", "unknown")
        if rate.count(client):
            status, now = _told(desk, visitor, tuple(chosen), lambda: add(visitor))
        else:  # reading may take a minute each, and others wait for it
            status, now = not_done(_TOO_OFTEN, visitor.language), tuple(chosen)
        return (status, *_articles(desk, visitor, now), conversation.panel(visitor, None, now))

    def add_file(
        path: str | None, chosen: list[str], request: gr.Request, progress: Progress = waiting
    ) -> tuple[Any, ...]:
        if not path or not is_upload(path):
            return (gr.skip(),) * len(outputs)
        file = Path(path)
        return taken(request, chosen, lambda who: desk.add_file(who, file, file.name, progress))

    def add_text(
        text: str, title: str, chosen: list[str], request: gr.Request,
        progress: Progress = waiting,
    ) -> tuple[Any, ...]:  # fmt: skip
        return taken(request, chosen, lambda who: desk.add_text(who, text, title, progress))

    def add_page(
        url: str, chosen: list[str], request: gr.Request, progress: Progress = waiting
    ) -> tuple[Any, ...]:
        return taken(request, chosen, lambda who: desk.add_page(who, url, progress))

    def remove(
        article_id: str | None, stored: Any, saved: Any, request: gr.Request
    ) -> tuple[Any, ...]:
        visitor, name = visitor_in(request), article_id or ""
        told = _removed(desk, visitor, name)
        talk, talks = talk_from(stored, visitor.user), talks_from(saved, visitor.user)
        if desk.library.article(visitor.session, name) is None:  # what was said of it goes too
            talk = without(talk, name)
            talks = tuple(filter(None, (without(each, name) for each in talks)))
        chosen = _all(desk, visitor)
        return (
            told,
            *_articles(desk, visitor, chosen),
            conversation.panel(visitor, None, chosen),
            messages_of(talk, "", visitor.language),
            kept(talk, visitor.user),
            kept_all(talks, visitor.user),
            gr.update(choices=choices_of(talks), value=None),
        )

    outputs = [parts.status, *_article_parts(parts), parts.panel]
    # Some are read at once, each in a process of its own; the library indexes one at a time.
    how: dict[str, Any] = {
        "api_visibility": "private", "concurrency_limit": 4, "concurrency_id": "articles",
        "show_progress_on": [parts.status],
    }  # fmt: skip
    adding = parts.file.upload(add_file, [parts.file, parts.chosen], outputs, **how)
    adding.then(lambda: None, None, parts.file, api_visibility="private")
    texts = [parts.text, parts.title, parts.chosen]
    parts.add_text.click(add_text, texts, outputs, **how)
    gr.on(
        [parts.add_page.click, parts.url.submit],
        add_page,
        [parts.url, parts.chosen],
        outputs,
        **how,
    )
    parts.remove.click(
        remove,
        [parts.removable, parts.talk, parts.saved],
        [*outputs, parts.messages, parts.talk, parts.saved, parts.earlier],
        **how,
    )


def _told(
    desk: Desk, visitor: Visitor, chosen: tuple[str, ...], add: Callable[[], Added]
) -> tuple[str, tuple[str, ...]]:
    """Add an article; return what is told of it, and what is chosen then."""
    try:
        added = add()
    except Exception as error:  # one bad file must not end the chat
        return not_done(message_of(error), visitor.language), chosen
    shared = desk.library.folder is not None
    return told(added, shared, visitor.language), (added.article.id,)


def _removed(desk: Desk, visitor: Visitor, article_id: str) -> str:
    """Remove an article; return what is told of it."""
    gone = desk.library.article(visitor.session, article_id)
    try:
        if gone is None or not desk.library.remove(visitor.session, article_id):
            return ""
    except StoreError as error:
        return not_done(message_of(error), visitor.language)
    return removed(gone, visitor.language)


def _all(desk: Desk, visitor: Visitor) -> tuple[str, ...]:
    """Return what is chosen if all are asked; nothing, if there are more than are listed."""
    listed = desk.library.listed(visitor.session)
    whole = len(listed) == desk.library.count(visitor.session)
    return tuple(article.id for article in listed) if whole else ()


def _listed(shown: int, count: int, visitor: Visitor) -> str:
    numbers = f"{number(shown, visitor.language)} / {number(count, visitor.language)}"
    return f"{numbers} · {page_text('none is all', visitor.language)}"


def _languages(desk: Desk, visitor: Visitor) -> list[tuple[str, str]]:
    codes = desk.library.languages(visitor.session)
    return [(language_name(code, visitor.language), code) for code in codes]


def _asked_first(desk: Desk, visitor: Visitor, chosen: tuple[str, ...]) -> tuple[Article, ...]:
    """Return the articles listed; before them those chosen that the list does not reach."""
    listed = desk.library.listed(visitor.session)
    more = set(chosen[:LISTED]) - {article.id for article in listed}
    found = (desk.library.article(visitor.session, name) for name in chosen if name in more)
    return (*filter(None, found), *listed)


def _article_parts(parts: Parts) -> list[Any]:
    return [
        parts.head, parts.chosen, parts.languages, parts.left, parts.show, parts.removable,
        parts.remove, parts.examples,
    ]  # fmt: skip


def _articles(desk: Desk, visitor: Visitor, chosen: tuple[str, ...]) -> tuple[Any, ...]:
    """Return what the page shows of a visitor's articles, in the order of `_article_parts`."""
    import gradio as gr

    articles, count = _asked_first(desk, visitor, chosen), desk.library.count(visitor.session)
    there = [(article.title, article.id) for article in articles]
    picked = [article for article in articles if article.id in chosen]
    asked = picked or list(articles)
    checked = asked if picked or count == len(articles) else []
    examples = [[question] for question in desk.examples(visitor, chosen)]
    removable = [(article.title, article.id) for article in desk.library.removable(visitor.session)]
    return (
        head_of(asked, visitor.language, len(picked) or count),
        gr.update(
            choices=there,
            value=[article.id for article in checked],
            info=None if count == len(articles) else _listed(len(articles), count, visitor),
        ),
        gr.update(choices=_languages(desk, visitor)),
        "",  # how many the filters left was told of another choice
        gr.update(
            choices=[(article.title, article.id) for article in asked],
            value=asked[0].id if asked else None,
            visible=len(asked) > 1,
        ),
        gr.update(choices=removable, value=None, visible=bool(removable)),
        gr.update(visible=bool(removable)),
        gr.update(samples=examples, visible=bool(examples)),
    )
