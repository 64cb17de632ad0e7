"""What happens when articles are chosen, narrowed down, added and removed."""

# Gradio reads the handlers' annotations when the page is built; as strings they would name a
# module that is not imported here, so there is no `from __future__ import annotations`.

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.articles import Article
from index.errors import ArticleError, ArticleQAError, StoreError
from index.readers.scans import PICTURES
from qa.languages import name_of_language
from ui.bar import bar_html, own_html, welcome_html
from ui.chat import ChatService
from ui.chat_events import choices_of, messages_of, visitor_in
from ui.error_texts import error_text
from ui.i18n import format_number, page_text
from ui.intake import AddResult, Intake, Progress
from ui.layout import UNDO_SECONDS, Components
from ui.library import LISTED
from ui.removals import Removal, Removals
from ui.request import GATHER, Rate, Visitor, parse_page_filter
from ui.status_html import added_html, failure_html, filter_texts, filtered_count_html, removed_html
from ui.talk import (
    SavedTalk,
    Talk,
    dump_talk,
    dump_talks,
    load_talk,
    load_talks,
    talk_id,
)
from ui.uploads import is_upload

if TYPE_CHECKING:
    import gradio as gr

_TOO_OFTEN = "too many articles in a short time; wait some minutes"
_AT_FIRST = 4  # questions in an empty conversation


def on_opening(app: "gr.Blocks", page: Components, service: ChatService, intake: Intake) -> None:
    """Show a visitor's articles and conversations when the page is opened."""
    import gradio as gr

    def opened(stored: Any, saved: Any, request: gr.Request) -> tuple[Any, ...]:
        service.prepare()
        visitor = visitor_in(request)
        talk, talks = load_talk(stored, visitor.user), load_talks(saved, visitor.user)
        own = intake.library.removable(visitor.session) if intake.library.folder is None else ()
        chosen = (own[-1].id,) if own else _all_ids(intake, visitor)
        name = talk_id(stored)
        return (
            *_articles(intake, visitor, chosen),
            _messages(intake, visitor, talk, chosen),
            service.page_state(visitor, talk, chosen).panel,
            dump_talk(talk, name, visitor.user),
            gr.update(choices=choices_of(talks, but=name), value=None),
        )

    app.load(
        opened,
        [page.talk, page.saved],
        [
            *_article_components(page),
            page.chat.messages,
            page.articles.panel,
            page.talk,
            page.chat.earlier,
        ],
        js="() => articleQA.load()",
        api_visibility="private",
        show_progress="hidden",
    )


def on_choice(page: Components, service: ChatService, intake: Intake) -> None:
    """Show the first of the articles chosen, or the one picked among them."""
    import gradio as gr

    def choose(chosen: list[str], stored: Any, request: gr.Request) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        talk = load_talk(stored, visitor.user)
        return (
            *_articles(intake, visitor, tuple(chosen)),
            service.panel_html(visitor, None, tuple(chosen)),
            _messages(intake, visitor, talk, tuple(chosen)),
        )

    def show(article_id: str | None, request: gr.Request) -> Any:
        chosen = (article_id,) if article_id else ()
        return service.panel_html(visitor_in(request), None, chosen)

    options: dict[str, Any] = {
        "api_visibility": "private", "show_progress": "hidden",
        "trigger_mode": "always_last",  # or a box ticked while the last is shown stays unshown
    }  # fmt: skip
    page.articles.chosen.input(
        choose,
        [page.articles.chosen, page.talk],
        [*_article_components(page), page.articles.panel, page.chat.messages],
        **options,
    )
    page.articles.show.input(show, page.articles.show, page.articles.panel, **options)


def on_adding(page: Components, service: ChatService, intake: Intake, rate: Rate) -> None:
    """Add articles that are uploaded, pasted or fetched, as often as a client may."""
    import gradio as gr

    waiting = gr.Progress()

    def add_article(request: gr.Request, add: Callable[[Visitor], AddResult]) -> tuple[Any, ...]:
        visitor, client = visitor_in(request), getattr(request.client, "host", "unknown")
        try:
            if not rate.hit(client):  # reading may take a minute each, and others wait for it
                raise ArticleError(_TOO_OFTEN)
            added = add(visitor)
        except Exception as error:  # one bad file must not end the chat
            return _failure(error, visitor, len(outputs))
        now = (added.article.id,)
        shared = intake.library.folder is not None
        return (
            "",
            added_html(added, shared, visitor.language),
            gr.update(visible=False),
            *_articles(intake, visitor, now),
            service.panel_html(visitor, None, now),
        )

    def show_messages(stored: Any, chosen: list[str], request: gr.Request) -> Any:
        """Show the conversation as it is by now: reading may have taken minutes."""
        visitor = visitor_in(request)
        return _messages(intake, visitor, load_talk(stored, visitor.user), tuple(chosen))

    def add_file(
        path: str | None, scans: bool, request: gr.Request,
        progress: Progress = waiting,
    ) -> tuple[Any, ...]:  # fmt: skip
        if not path or not is_upload(path):
            return (gr.skip(),) * len(outputs)
        file = Path(path)
        is_scan = scans is True or file.suffix.lower() in PICTURES

        def add(who: Visitor) -> AddResult:
            return intake.add_file(who, file, file.name, progress, scans=is_scan)

        return add_article(request, add)

    def add_text(
        text: str, title: str, request: gr.Request,
        progress: Progress = waiting,
    ) -> tuple[Any, ...]:  # fmt: skip
        def add(who: Visitor) -> AddResult:
            return intake.add_text(who, text, title, progress)

        return add_article(request, add)

    def add_page(url: str, request: gr.Request, progress: Progress = waiting) -> tuple[Any, ...]:
        return add_article(request, lambda who: intake.add_page(who, url, progress))

    adding = page.articles.adding
    outputs = [
        adding.status,
        page.chat.status,
        page.chat.undo,
        *_article_components(page),
        page.articles.panel,
    ]
    # Some are read at once, each in a process of its own; the library indexes one at a time.
    options: dict[str, Any] = {
        "outputs": outputs, "api_visibility": "private", "concurrency_limit": 4,
        "concurrency_id": "articles", "show_progress_on": [adding.status],
    }  # fmt: skip
    events = (
        (adding.file.upload, add_file, [adding.file, adding.scans]),
        (adding.add_text.click, add_text, [adding.text, adding.title]),
        ([adding.add_page.click, adding.url.submit], add_page, [adding.url]),
    )
    for triggers, handler, fields in events:
        adding_now = gr.on(triggers, handler, fields, **options)
        # What was added leaves its field; a text that was not stays, beside the reason.
        adding_now.then(
            None, [adding.status, *fields], fields,
            js="(status, ...fields) => articleQA.added(status, fields)", api_visibility="private",
        ).then(
            show_messages, [page.talk, page.articles.chosen], page.chat.messages,
            api_visibility="private", show_progress="hidden",
        )  # fmt: skip


def on_removal(page: Components, service: ChatService, intake: Intake) -> None:
    """Remove an article and what was said of it, and bring both back."""
    import gradio as gr

    removals = Removals(UNDO_SECONDS)

    def remove(article_id: str, stored: Any, saved: Any, request: gr.Request) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        article = intake.library.article(visitor.session, article_id or "")
        try:
            if article is None or not intake.library.remove(visitor.session, article.id):
                return (gr.skip(),) * len(outputs)
        except StoreError as error:
            return _failure(error, visitor, len(outputs))
        service.latest.end(request.session_hash)  # its quotes must not come back
        now = SavedTalk(talk_id(stored), 0, load_talk(stored, visitor.user))
        removal = Removal(article, now, load_talks(saved, visitor.user))
        secret = removals.put(removal)
        is_gone = intake.library.article(visitor.session, article.id) is None
        now, talks = removal.talks_left() if is_gone else (removal.shown, removal.talks)
        status = removed_html(article, visitor.language)
        return outputs_after(visitor, status, secret, now, talks, _all_ids(intake, visitor))

    def undo(secret: str, stored: Any, saved: Any, request: gr.Request) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        removal = removals.take(secret or "")
        now = SavedTalk(talk_id(stored), 0, load_talk(stored, visitor.user))
        talks = load_talks(saved, visitor.user)
        if removal is None:
            return outputs_after(visitor, "", "", now, talks, _all_ids(intake, visitor))
        try:
            intake.library.add(visitor.session, removal.article)
        except ArticleQAError as error:
            return _failure(error, visitor, len(outputs))
        now, talks = removal.restore(now), removal.restore_all(talks)
        return outputs_after(visitor, "", "", now, talks, (removal.article.id,))

    def outputs_after(
        visitor: Visitor, status: str, secret: str, now: SavedTalk, talks: tuple[SavedTalk, ...],
        chosen: tuple[str, ...],
    ) -> tuple[Any, ...]:  # fmt: skip
        return (
            status,
            gr.update(visible=bool(secret)),
            secret,
            *_articles(intake, visitor, chosen),
            service.panel_html(visitor, None, chosen),
            _messages(intake, visitor, now.talk, chosen),
            dump_talk(now.talk, now.id, visitor.user),
            dump_talks(talks, visitor.user),
            gr.update(choices=choices_of(talks, but=now.id), value=None),
        )

    outputs = [
        page.chat.status, page.chat.undo, page.removal, *_article_components(page),
        page.articles.panel, page.chat.messages, page.talk, page.saved, page.chat.earlier,
    ]  # fmt: skip
    options: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    page.remove.click(
        remove, [page.removed, page.talk, page.saved], outputs,
        js="(name, talk, saved) => [name, talk, articleQA.saved()]", **options,
    )  # fmt: skip
    page.chat.undo.click(
        undo, [page.removal, page.talk, page.saved], outputs,
        js="(secret, talk, saved) => [secret, talk, articleQA.saved()]", **options,
    )  # fmt: skip


def _failure(error: Exception, visitor: Visitor, count: int) -> tuple[Any, ...]:
    """Return why nothing was done for the first of so many outputs; the others stay."""
    import gradio as gr

    failure = failure_html(error_text(error, visitor.language), visitor.language)
    return failure, *(gr.skip(),) * (count - 1)


def _all_ids(intake: Intake, visitor: Visitor) -> tuple[str, ...]:
    """Return the ids of all articles; () (also all) if there are more than are listed."""
    listed = intake.library.listed(visitor.session)
    whole = len(listed) == intake.library.count(visitor.session)
    return tuple(article.id for article in listed) if whole else ()


def _listed(shown: int, count: int, visitor: Visitor) -> str:
    numbers = f"{format_number(shown, visitor.language)} / {format_number(count, visitor.language)}"
    return f"{numbers} · {page_text('none is all', visitor.language)}"


def _languages(intake: Intake, visitor: Visitor) -> list[tuple[str, str]]:
    codes = intake.library.languages(visitor.session)
    return [(name_of_language(code, visitor.language), code) for code in codes]


def _listed_with_chosen(
    intake: Intake, visitor: Visitor, chosen: tuple[str, ...]
) -> tuple[Article, ...]:
    """Return the articles listed; before them those chosen that the list does not reach."""
    listed = intake.library.listed(visitor.session)
    more = set(chosen[:LISTED]) - {article.id for article in listed}
    found = (intake.library.article(visitor.session, name) for name in chosen if name in more)
    return (*filter(None, found), *listed)


def _asked(intake: Intake, visitor: Visitor, chosen: tuple[str, ...]) -> tuple[list[Article], int]:
    """Return the articles that are asked, as far as they are listed, and how many they are."""
    listed = _listed_with_chosen(intake, visitor, chosen)
    picked = [article for article in listed if article.id in chosen]
    return picked or list(listed), len(picked) or intake.library.count(visitor.session)


def _messages(intake: Intake, visitor: Visitor, talk: Talk, chosen: tuple[str, ...]) -> Any:
    """Return the conversation, and what stands there while it is empty."""
    import gradio as gr

    examples = intake.examples(visitor, chosen, visitor.language)[:_AT_FIRST]
    asked, count = _asked(intake, visitor, chosen)
    return gr.update(
        value=messages_of(intake, visitor, talk, chosen),
        placeholder=welcome_html(asked, visitor.language, count),
        examples=[{"text": question} for question in examples],
    )


def _article_components(page: Components) -> list[Any]:
    side = page.articles
    return [
        page.bar, side.chosen, side.filters.languages, side.filters.count, side.show, side.own,
    ]  # fmt: skip


def _articles(intake: Intake, visitor: Visitor, chosen: tuple[str, ...]) -> tuple[Any, ...]:
    """Return what the page shows of a visitor's articles, in the order of `_article_components`."""
    import gradio as gr

    articles = _listed_with_chosen(intake, visitor, chosen)
    count = intake.library.count(visitor.session)
    asked, asked_count = _asked(intake, visitor, chosen)
    is_all = asked_count == count and count != len(articles)
    return (
        bar_html(asked, visitor.language, asked_count),
        gr.update(
            choices=[(article.title, article.id) for article in articles],
            value=[] if is_all else [article.id for article in asked],
            info=None if count == len(articles) else _listed(len(articles), count, visitor),
        ),
        gr.update(choices=_languages(intake, visitor)),
        "",  # the count of articles that pass the filters was of another choice
        gr.update(
            choices=[(article.title, article.id) for article in asked],
            value=asked[0].id if asked else None,
            visible=len(asked) > 1,
        ),
        own_html(intake.library.removable(visitor.session), visitor.language),
    )


def on_filters(page: Components, intake: Intake) -> None:
    """Keep what the fields hold for the next question; show how many articles that leaves."""
    import gradio as gr

    def show_count(fields: Any, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        try:
            where = parse_page_filter(fields)
            shown = where and filtered_count_html(
                intake.library.chosen(visitor.session, tuple(chosen), where).counts.articles,
                visitor.language,
            )
        except ArticleQAError as error:
            where, shown = None, failure_html(error_text(error, visitor.language), visitor.language)
        texts = filter_texts(where, visitor.language)
        return shown or "", *(gr.update(value=f"{text}  ✕", visible=bool(text)) for text in texts)

    filters = page.articles.filters
    languages, *typed = filters.inputs
    # In the browser alone, at each letter: the next question is asked with the filters as shown.
    gather: dict[str, Any] = {
        "fn": None, "inputs": [*filters.inputs], "outputs": page.where, "js": GATHER,
        "api_visibility": "private",
    }  # fmt: skip
    gr.on([field.input for field in typed], **gather)
    # Not when a field is left: whoever leaves it for the question has both sent at one moment,
    # and Gradio's page can lose an answer that is asked for just as its last stream ends.
    count: dict[str, Any] = {
        "fn": show_count, "inputs": [page.where, page.articles.chosen],
        "outputs": [filters.count, *page.chat.active_filters],
        "api_visibility": "private", "show_progress": "hidden",
        "trigger_mode": "always_last",  # or a change made while the last is shown stays unshown
    }  # fmt: skip
    changes = [languages.change, *(field.submit for field in typed)]
    gr.on(changes, **gather).then(**count)
    _on_chips(page, gather, count)


def _on_chips(page: Components, gather: dict[str, Any], count: dict[str, Any]) -> None:
    """Empty a filter's fields when its chip is clicked."""
    import gradio as gr

    filters = page.articles.filters
    cleared: tuple[list[gr.Component], ...] = (
        [filters.languages], [filters.since, filters.until], [filters.source]
    )  # fmt: skip
    for chip, fields in zip(page.chat.active_filters, cleared, strict=True):
        empty = [gr.update(value=[] if field is filters.languages else "") for field in fields]
        chip.click(
            lambda empty=empty: empty if len(empty) > 1 else empty[0], None, fields,
            api_visibility="private", show_progress="hidden",
        ).then(**gather).then(**count)  # fmt: skip
