"""What happens when articles are chosen, narrowed down, added and removed."""

# Gradio reads the handlers' annotations when the page is built; as strings they would name a
# module that is not imported here, so there is no `from __future__ import annotations`.

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.articles import Article
from index.errors import ArticleQAError, StoreError
from index.readers.scans import PICTURES
from ui.chat import ChatService
from ui.chat_events import choices_of, visitor_in
from ui.i18n import format_number, language_name, page_text
from ui.layout import Components
from ui.library import LISTED, Added, Intake, Progress, added_html, failure_html, removed_html
from ui.logs import public_message
from ui.render import chat_messages, head_html
from ui.request import GATHER, Rate, Visitor, is_upload, parse_page_filter
from ui.talk import dump_talk, dump_talks, load_talk, load_talks, without

if TYPE_CHECKING:
    import gradio as gr

_TOO_OFTEN = "too many articles in a short time; wait some minutes"


def on_opening(app: "gr.Blocks", page: Components, service: ChatService, intake: Intake) -> None:
    """Show a visitor's articles and conversations when the page is opened."""
    import gradio as gr

    def opened(stored: Any, saved: Any, request: gr.Request) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        talk, talks = load_talk(stored, visitor.user), load_talks(saved, visitor.user)
        own = intake.library.removable(visitor.session) if intake.library.folder is None else ()
        chosen = (own[-1].id,) if own else _all(intake, visitor)
        shown = service.shown(visitor, talk, chosen)
        return (
            *_articles(intake, visitor, chosen),
            chat_messages(talk, "", visitor.language),
            shown.panel,
            gr.update(choices=choices_of(talks), value=None),
        )

    outputs = [
        *_article_components(page),
        page.chat.messages,
        page.articles.panel,
        page.chat.earlier,
    ]
    app.load(
        opened,
        [page.talk, page.saved],
        outputs,
        api_visibility="private",
        show_progress="hidden",
    )


def on_choice(page: Components, service: ChatService, intake: Intake) -> None:
    """Show the first of the articles chosen, or the one picked among them."""
    import gradio as gr

    def choose(chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        shown = service.panel_html(visitor, None, tuple(chosen))
        return (*_articles(intake, visitor, tuple(chosen)), shown)

    def show(article_id: str | None, request: gr.Request) -> Any:
        chosen = (article_id,) if article_id else ()
        return service.panel_html(visitor_in(request), None, chosen)

    how: dict[str, Any] = {
        "api_visibility": "private", "show_progress": "hidden",
        "trigger_mode": "always_last",  # or a box ticked while the last is shown stays unshown
    }  # fmt: skip
    page.articles.chosen.input(
        choose, page.articles.chosen, [*_article_components(page), page.articles.panel], **how
    )
    page.articles.show.input(show, page.articles.show, page.articles.panel, **how)


def on_articles(page: Components, service: ChatService, intake: Intake, rate: Rate) -> None:
    """Take articles in, as often as a client may, and out again."""
    import gradio as gr

    waiting = gr.Progress()

    def taken(
        request: gr.Request, chosen: list[str], add: Callable[[Visitor], Added]
    ) -> tuple[Any, ...]:
        visitor, client = visitor_in(request), getattr(request.client, "host", "unknown")
        if rate.count(client):
            status, now = _add_article(intake, visitor, tuple(chosen), lambda: add(visitor))
        else:  # reading may take a minute each, and others wait for it
            status, now = failure_html(_TOO_OFTEN, visitor.language), tuple(chosen)
        return (
            status,
            *_articles(intake, visitor, now),
            service.panel_html(visitor, None, now),
        )

    def add_file(
        path: str | None, scans: bool, chosen: list[str], request: gr.Request,
        progress: Progress = waiting,
    ) -> tuple[Any, ...]:  # fmt: skip
        if not path or not is_upload(path):
            return (gr.skip(),) * len(outputs)
        file, is_scan = Path(path), scans is True
        is_scan |= file.suffix.lower() in PICTURES

        def add(who: Visitor) -> Added:
            return intake.add_file(who, file, file.name, progress, scans=is_scan)

        return taken(request, chosen, add)

    def add_text(
        text: str, title: str, chosen: list[str], request: gr.Request,
        progress: Progress = waiting,
    ) -> tuple[Any, ...]:  # fmt: skip
        return taken(request, chosen, lambda who: intake.add_text(who, text, title, progress))

    def add_page(
        url: str, chosen: list[str], request: gr.Request, progress: Progress = waiting
    ) -> tuple[Any, ...]:
        return taken(request, chosen, lambda who: intake.add_page(who, url, progress))

    def remove(
        article_id: str | None, stored: Any, saved: Any, request: gr.Request
    ) -> tuple[Any, ...]:
        visitor, name = visitor_in(request), article_id or ""
        status = _remove_article(intake, visitor, name)
        talk, talks = load_talk(stored, visitor.user), load_talks(saved, visitor.user)
        if intake.library.article(visitor.session, name) is None:  # what was said of it goes too
            talk = without(talk, name)
            talks = tuple(filter(None, (without(each, name) for each in talks)))
        chosen = _all(intake, visitor)
        return (
            status,
            *_articles(intake, visitor, chosen),
            service.panel_html(visitor, None, chosen),
            chat_messages(talk, "", visitor.language),
            dump_talk(talk, visitor.user),
            dump_talks(talks, visitor.user),
            gr.update(choices=choices_of(talks), value=None),
        )

    outputs = [page.articles.status, *_article_components(page), page.articles.panel]
    # Some are read at once, each in a process of its own; the library indexes one at a time.
    how: dict[str, Any] = {
        "api_visibility": "private", "concurrency_limit": 4, "concurrency_id": "articles",
        "show_progress_on": [page.articles.status],
    }  # fmt: skip
    adding = page.articles.adding.file.upload(
        add_file,
        [page.articles.adding.file, page.articles.adding.scans, page.articles.chosen],
        outputs,
        **how,
    )
    adding.then(lambda: None, None, page.articles.adding.file, api_visibility="private")
    texts = [page.articles.adding.text, page.articles.adding.title, page.articles.chosen]
    page.articles.adding.add_text.click(add_text, texts, outputs, **how)
    gr.on(
        [page.articles.adding.add_page.click, page.articles.adding.url.submit],
        add_page,
        [page.articles.adding.url, page.articles.chosen],
        outputs,
        **how,
    )
    page.articles.remove.click(
        remove,
        [page.articles.removable, page.talk, page.saved],
        [*outputs, page.chat.messages, page.talk, page.saved, page.chat.earlier],
        **how,
    )


def _add_article(
    intake: Intake, visitor: Visitor, chosen: tuple[str, ...], add: Callable[[], Added]
) -> tuple[str, tuple[str, ...]]:
    """Add an article; return the status line as HTML, and what is chosen then."""
    try:
        added = add()
    except Exception as error:  # one bad file must not end the chat
        return failure_html(public_message(error), visitor.language), chosen
    shared = intake.library.folder is not None
    return added_html(added, shared, visitor.language), (added.article.id,)


def _remove_article(intake: Intake, visitor: Visitor, article_id: str) -> str:
    """Remove an article; return the status line as HTML."""
    article = intake.library.article(visitor.session, article_id)
    try:
        if article is None or not intake.library.remove(visitor.session, article_id):
            return ""
    except StoreError as error:
        return failure_html(public_message(error), visitor.language)
    return removed_html(article, visitor.language)


def _all(intake: Intake, visitor: Visitor) -> tuple[str, ...]:
    """Return what is chosen if all are asked; nothing, if there are more than are listed."""
    listed = intake.library.listed(visitor.session)
    whole = len(listed) == intake.library.count(visitor.session)
    return tuple(article.id for article in listed) if whole else ()


def _listed(shown: int, count: int, visitor: Visitor) -> str:
    numbers = f"{format_number(shown, visitor.language)} / {format_number(count, visitor.language)}"
    return f"{numbers} · {page_text('none is all', visitor.language)}"


def _languages(intake: Intake, visitor: Visitor) -> list[tuple[str, str]]:
    codes = intake.library.languages(visitor.session)
    return [(language_name(code, visitor.language), code) for code in codes]


def _listed_with_chosen(
    intake: Intake, visitor: Visitor, chosen: tuple[str, ...]
) -> tuple[Article, ...]:
    """Return the articles listed; before them those chosen that the list does not reach."""
    listed = intake.library.listed(visitor.session)
    more = set(chosen[:LISTED]) - {article.id for article in listed}
    found = (intake.library.article(visitor.session, name) for name in chosen if name in more)
    return (*filter(None, found), *listed)


def _article_components(page: Components) -> list[Any]:
    side = page.articles
    return [
        page.head, side.chosen, side.filters.languages, side.filters.left, side.show,
        side.removable, side.remove, page.chat.examples,
    ]  # fmt: skip


def _articles(intake: Intake, visitor: Visitor, chosen: tuple[str, ...]) -> tuple[Any, ...]:
    """Return what the page shows of a visitor's articles, in the order of `_article_components`."""
    import gradio as gr

    articles, count = (
        _listed_with_chosen(intake, visitor, chosen),
        intake.library.count(visitor.session),
    )
    there = [(article.title, article.id) for article in articles]
    picked = [article for article in articles if article.id in chosen]
    asked = picked or list(articles)
    checked = asked if picked or count == len(articles) else []
    examples = [[question] for question in intake.examples(visitor, chosen)]
    removable = [
        (article.title, article.id) for article in intake.library.removable(visitor.session)
    ]
    return (
        head_html(asked, visitor.language, len(picked) or count),
        gr.update(
            choices=there,
            value=[article.id for article in checked],
            info=None if count == len(articles) else _listed(len(articles), count, visitor),
        ),
        gr.update(choices=_languages(intake, visitor)),
        "",  # the count of articles that pass the filters was of another choice
        gr.update(
            choices=[(article.title, article.id) for article in asked],
            value=asked[0].id if asked else None,
            visible=len(asked) > 1,
        ),
        gr.update(choices=removable, value=None, visible=bool(removable)),
        gr.update(visible=bool(removable)),
        gr.update(samples=examples, visible=bool(examples)),
    )


def on_filters(page: Components, intake: Intake) -> None:
    """Keep what the fields hold for the next question, and show how many articles that leaves."""
    import gradio as gr

    def left(fields: Any, chosen: list[str], request: gr.Request) -> str:
        visitor = visitor_in(request)
        try:
            where = parse_page_filter(fields)
            if where is None:
                return ""
            count = intake.library.chosen(visitor.session, tuple(chosen), where).counts.articles
        except ArticleQAError as error:
            return failure_html(public_message(error), visitor.language)
        name = "articles" if count else "none passes"
        text = f"{format_number(count, visitor.language)} · {page_text(name, visitor.language)}"
        return f'<p class="notice" role="status" dir="auto">{escape(text)}</p>'

    _, *texts = page.articles.filters.inputs
    # In the browser alone, at each letter: the next question is asked with the filters as shown.
    gather: dict[str, Any] = {
        "fn": None, "inputs": [*page.articles.filters.inputs], "outputs": page.where, "js": GATHER,
        "api_visibility": "private",
    }  # fmt: skip
    gr.on([field.input for field in texts], **gather)
    # Not when a field is left: whoever leaves it for the question has both sent at one moment,
    # and Gradio's page can lose an answer that is asked for just as its last stream ends.
    count: dict[str, Any] = {
        "fn": left, "inputs": [page.where, page.articles.chosen],
        "outputs": page.articles.filters.left,
        "api_visibility": "private", "show_progress": "hidden",
        "trigger_mode": "always_last",  # or a change made while the last is shown stays unshown
    }  # fmt: skip
    changes = [page.articles.filters.languages.change, *(field.submit for field in texts)]
    gr.on(changes, **gather).then(**count)
