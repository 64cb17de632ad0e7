"""What happens when a question is asked, stopped, edited, cited or liked."""

# Gradio reads the handlers' annotations when the page is built; as strings they would name a
# module that is not imported here, so there is no `from __future__ import annotations`.

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ui import export
from ui.chat import ChatService, View
from ui.layout import Components
from ui.logs import Feedback
from ui.render import chat_messages, from_page
from ui.request import GATHER, Visitor, visitor_from
from ui.talk import TALKS, Talk, dump_talk, dump_talks, load_talk, load_talks

if TYPE_CHECKING:
    import gradio as gr

AT_ONCE = 8  # questions; more wait in the queue
_DOWNLOAD = """(file) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file.text], {type: file.type}));
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(link.href);
}"""


def visitor_in(request: "gr.Request") -> Visitor:
    """Return who sent a request of Gradio's."""
    name = request.session_hash
    return visitor_from(request.cookies, request.headers, name, request.username)


def _talk(stored: Any, request: "gr.Request") -> Talk:
    return load_talk(stored, request.username)


def title_of(talk: Talk) -> str:
    """Return what an earlier conversation is called: its first question."""
    question = " ".join(talk[0].question.split())
    return question if len(question) <= 60 else question[:60] + "…"


def on_questions(page: Components, service: ChatService) -> None:
    """Answer questions: typed, of the examples, again, and edited."""
    import gradio as gr

    can_stop = service.can_stop
    busy = gr.update(submit_btn=not can_stop, stop_btn=can_stop, interactive=not can_stop)
    ready = gr.update(submit_btn=True, stop_btn=False, interactive=True)
    newest: dict[str | None, object] = {}  # of the answers that each page waits for

    def said(
        question: str, talk: Talk, chosen: list[str], where: Any, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        visitor, mine = visitor_in(request), object()
        newest[request.session_hash] = mine
        stored_talk = gr.skip()  # until there is something to keep: a stop must lose nothing
        try:
            for shown in service.answer(visitor, question, talk, tuple(chosen), where):
                if newest.get(request.session_hash) is not mine:
                    return  # another question of this conversation came meanwhile
                messages, now, panel = _outputs(shown, visitor)
                stored_talk = stored_talk if shown.waiting else now
                yield messages, stored_talk, panel, busy if shown.waiting else gr.skip()
            yield gr.skip(), gr.skip(), gr.skip(), ready
        finally:  # also when the page is closed in the middle of it
            if newest.get(request.session_hash) is mine:
                del newest[request.session_hash]

    def ask(
        question: str, stored: Any, chosen: list[str], where: Any, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from said(question, _talk(stored, request), chosen, where, request)

    def ask_example(
        example: list[str], stored: Any, chosen: list[str], where: Any, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from said(str(example[0]), _talk(stored, request), chosen, where, request)

    def retry(
        stored: Any, chosen: list[str], where: Any, data: gr.RetryData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        talk, turn = _talk(stored, request), _turn(data.index)
        if turn < len(talk):
            yield from said(talk[turn].question, talk[:turn], chosen, where, request)

    def edit(
        stored: Any, chosen: list[str], where: Any, data: gr.EditData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        before = _talk(stored, request)[: _turn(data.index)]
        yield from said(from_page(str(data.value)), before, chosen, where, request)

    def stop(asked: str, stored: Any, request: gr.Request) -> tuple[Any, ...]:
        """Show the kept conversation, and give back a question that was not answered."""
        newest.pop(request.session_hash, None)
        talk = _talk(stored, request)
        unanswered = all(turn.question != asked for turn in talk)
        given_back = gr.update(
            submit_btn=True, stop_btn=False, interactive=True, value=asked if unanswered else ""
        )
        return chat_messages(talk, "", visitor_in(request).language), given_back

    outputs = [page.chat.messages, page.talk, page.articles.panel, page.chat.question]
    state = [page.talk, page.articles.chosen, page.where]
    how: dict[str, Any] = {
        "outputs": outputs, "api_visibility": "private", "show_progress": "hidden",
        "concurrency_limit": AT_ONCE, "concurrency_id": "ask", "trigger_mode": "multiple",
    }  # fmt: skip
    # In the browser alone, so that the box is empty at once; and full again if nobody answers.
    taken = page.chat.question.submit(
        None, [page.chat.question, *page.articles.filters.inputs],
        [page.chat.question, page.asked, page.where],
        js=f"(question, ...fields) => ['', question, ({GATHER})(...fields)]",
        api_visibility="private",
    )  # fmt: skip
    asking = taken.then(ask, [page.asked, *state], **how)
    asking.failure(
        None,
        page.asked,
        page.chat.question,
        js="(question) => question",
        api_visibility="private",
    )
    events = [
        asking,
        page.chat.examples.click(ask_example, [page.chat.examples, *state], **how),
        page.chat.messages.retry(retry, state, **how),
        page.chat.messages.edit(edit, state, **how),
    ]
    page.chat.question.stop(
        stop, [page.asked, page.talk], [page.chat.messages, page.chat.question], cancels=events,
        api_visibility="private",
    )  # fmt: skip


def on_citations(page: Components, service: ChatService) -> None:
    """Show the place of a citation that is not on the page: of an earlier answer."""
    import gradio as gr

    def cite(turn: str, stored: Any, chosen: list[str], request: gr.Request) -> str:
        talk = _talk(stored, request)
        found = talk[int(turn)] if turn.isdecimal() and int(turn) < len(talk) else None
        return service.panel_html(visitor_in(request), found, tuple(chosen))

    page.cite.click(
        cite, [page.cited, page.talk, page.articles.chosen], page.articles.panel,
        api_visibility="private", show_progress="hidden",
    )  # fmt: skip


def on_feedback(page: Components, feedback: Feedback) -> None:
    """Keep thumbs up and down."""
    import gradio as gr

    def like(stored: Any, data: gr.LikeData, request: gr.Request) -> None:
        talk, turn = _talk(stored, request), _turn(data.index)
        if turn < len(talk) and isinstance(data.liked, bool):
            try:
                feedback.keep(talk[turn], data.liked)
            except OSError as error:
                raise gr.Error(f"this could not be kept ({error.strerror})") from error

    page.chat.messages.like(like, page.talk, None, api_visibility="private")


def on_history(page: Components, service: ChatService) -> None:
    """Begin anew, go back to an earlier conversation, forget them, save one as a file."""
    import gradio as gr

    def begin(stored: Any, saved: Any, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        talks = _put_by(_talk(stored, request), load_talks(saved, request.username))
        return _opened(service, visitor_in(request), (), talks, chosen)

    def go_back(
        place: int | None, stored: Any, saved: Any, chosen: list[str], request: gr.Request
    ) -> tuple[Any, ...]:
        talks = load_talks(saved, request.username)
        if place is None or not 0 <= place < len(talks):
            return (gr.skip(),) * 5
        others = (*talks[:place], *talks[place + 1 :])
        talks, talk = _put_by(_talk(stored, request), others), talks[place]
        return _opened(service, visitor_in(request), talk, talks, chosen)

    outputs = [
        page.chat.messages,
        page.talk,
        page.articles.panel,
        page.saved,
        page.chat.earlier,
    ]
    how: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    state = [page.talk, page.saved, page.articles.chosen]
    page.chat.new.click(begin, state, outputs, **how)
    page.chat.messages.clear(begin, state, outputs, **how)
    page.chat.earlier.input(go_back, [page.chat.earlier, *state], outputs, **how)
    page.chat.forget.click(
        lambda: ({}, gr.update(choices=[], value=None)),
        None,
        [page.saved, page.chat.earlier],
        **how,
    )

    def as_file(kind: export.Kind) -> Any:
        def save(stored: Any, request: gr.Request) -> dict[str, str]:
            return export.as_file(_talk(stored, request), kind, visitor_in(request).language)

        return save

    markdown, html = as_file("md"), as_file("html")
    for button, save in ((page.chat.save_markdown, markdown), (page.chat.save_page, html)):
        saving = button.click(save, page.talk, page.download, **how)
        saving.then(None, page.download, None, js=_DOWNLOAD, api_visibility="private")


def choices_of(talks: tuple[Talk, ...]) -> list[tuple[str, int]]:
    """Return the earlier conversations as choices."""
    return [(title_of(talk), place) for place, talk in enumerate(talks)]


def _put_by(talk: Talk, talks: tuple[Talk, ...]) -> tuple[Talk, ...]:
    return (talk, *talks)[:TALKS] if talk else talks


def _opened(
    service: ChatService,
    visitor: Visitor,
    talk: Talk,
    talks: tuple[Talk, ...],
    chosen: list[str],
) -> tuple[Any, ...]:
    import gradio as gr

    shown = service.shown(visitor, talk, tuple(chosen))
    earlier = gr.update(choices=choices_of(talks), value=None)
    return (*_outputs(shown, visitor), dump_talks(talks, visitor.user), earlier)


def _outputs(shown: View, visitor: Visitor) -> tuple[Any, ...]:
    messages = chat_messages(shown.talk, shown.waiting, visitor.language)
    return messages, dump_talk(shown.talk, visitor.user), shown.panel


def _turn(index: int | tuple[int, int]) -> int:
    """Return the turn that a message belongs to: each turn has two."""
    return (index if isinstance(index, int) else index[0]) // 2
