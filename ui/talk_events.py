"""What happens when the chat is used: asked, stopped, retried, edited, kept, saved."""

# Gradio reads the handlers' annotations when the page is built; as strings they would name a
# module that is not imported here, so there is no `from __future__ import annotations`.

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ui import export
from ui.chatbot import from_page, messages_of
from ui.conversation import Conversation, Shown
from ui.feedback import Feedback
from ui.layout import Parts
from ui.strings import Language
from ui.talk import Talk, kept, kept_all, talk_from, talks_from
from ui.visitors import Visitor, visitor_of

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
    return visitor_of(request.cookies, request.headers, request.session_hash)


def title_of(talk: Talk) -> str:
    """Return what an earlier conversation is called: its first question."""
    question = " ".join(talk[0].question.split())
    return question if len(question) <= 60 else question[:60] + "…"


def on_questions(parts: Parts, conversation: Conversation) -> None:
    """Answer questions: typed, of the examples, again, and edited."""
    import gradio as gr

    streams = conversation.streams
    busy = gr.update(submit_btn=not streams, stop_btn=streams)
    ready = gr.update(submit_btn=True, stop_btn=False)

    def said(
        visitor: Visitor, question: str, talk: Talk, chosen: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        state = busy
        for shown in conversation.answer(visitor, question, talk, tuple(chosen)):
            yield (*_outputs(shown, visitor.language), state)
            state = gr.skip()
        yield (gr.skip(), gr.skip(), gr.skip(), ready)

    def ask(
        question: str, stored: Any, chosen: list[str], request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from said(visitor_in(request), question, talk_from(stored), chosen)

    def ask_example(
        example: list[str], stored: Any, chosen: list[str], request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from said(visitor_in(request), str(example[0]), talk_from(stored), chosen)

    def retry(
        stored: Any, chosen: list[str], data: gr.RetryData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        talk = talk_from(stored)
        turn = _turn(data.index)
        if turn < len(talk):
            question, before = talk[turn].question, talk[:turn]
            yield from said(visitor_in(request), question, before, chosen)

    def edit(
        stored: Any, chosen: list[str], data: gr.EditData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        before = talk_from(stored)[: _turn(data.index)]
        yield from said(visitor_in(request), from_page(str(data.value)), before, chosen)

    outputs = [parts.messages, parts.talk, parts.panel, parts.question]
    state = [parts.talk, parts.chosen]
    how: dict[str, Any] = {
        "outputs": outputs, "api_visibility": "private", "show_progress": "hidden",
        "concurrency_limit": AT_ONCE, "concurrency_id": "ask",
    }  # fmt: skip
    # In the browser alone, so that the box is empty at once; and full again if nobody answers.
    taken = parts.question.submit(
        None, parts.question, [parts.question, parts.asked], js="(question) => ['', question]",
        api_visibility="private",
    )  # fmt: skip
    asking = taken.then(ask, [parts.asked, *state], **how)
    asking.failure(
        None, parts.asked, parts.question, js="(question) => question", api_visibility="private"
    )
    events = [
        asking,
        parts.examples.click(ask_example, [parts.examples, *state], **how),
        parts.messages.retry(retry, state, **how),
        parts.messages.edit(edit, state, **how),
    ]
    parts.question.stop(
        lambda: ready, None, parts.question, cancels=events, api_visibility="private"
    )


def on_citations(parts: Parts, conversation: Conversation) -> None:
    """Show the place of a citation that is not on the page: of an earlier answer."""
    import gradio as gr

    def cite(turn: str, stored: Any, chosen: list[str], request: gr.Request) -> str:
        talk = talk_from(stored)
        found = talk[int(turn)] if turn.isdecimal() and int(turn) < len(talk) else None
        return conversation.panel(visitor_in(request), found, tuple(chosen))

    parts.cite.click(
        cite, [parts.cited, parts.talk, parts.chosen], parts.panel,
        api_visibility="private", show_progress="hidden",
    )  # fmt: skip


def on_feedback(parts: Parts, conversation: Conversation, feedback: Feedback) -> None:
    """Keep thumbs up and down."""
    import gradio as gr

    def like(stored: Any, chosen: list[str], data: gr.LikeData, request: gr.Request) -> None:
        talk, turn = talk_from(stored), _turn(data.index)
        if turn < len(talk) and isinstance(data.liked, bool):
            session = visitor_in(request).session
            store = conversation.library.chosen(session, tuple(chosen))
            feedback.keep(talk[turn], data.liked, store.id)

    parts.messages.like(like, [parts.talk, parts.chosen], None, api_visibility="private")


def on_history(parts: Parts, conversation: Conversation) -> None:
    """Begin anew, go back to an earlier conversation, forget them, save one as a file."""
    import gradio as gr

    def begin(stored: Any, saved: Any, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        talks = _put_by(talk_from(stored), talks_from(saved))
        return _opened(conversation, visitor_in(request), (), talks, chosen)

    def go_back(
        place: int | None, stored: Any, saved: Any, chosen: list[str], request: gr.Request
    ) -> tuple[Any, ...]:
        talks = talks_from(saved)
        if place is None or not 0 <= place < len(talks):
            return (gr.skip(),) * 5
        others = (*talks[:place], *talks[place + 1 :])
        talks, talk = _put_by(talk_from(stored), others), talks[place]
        return _opened(conversation, visitor_in(request), talk, talks, chosen)

    outputs = [parts.messages, parts.talk, parts.panel, parts.saved, parts.earlier]
    how: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    state = [parts.talk, parts.saved, parts.chosen]
    parts.new.click(begin, state, outputs, **how)
    parts.messages.clear(begin, state, outputs, **how)
    parts.earlier.input(go_back, [parts.earlier, *state], outputs, **how)
    parts.forget.click(
        lambda: ([], gr.update(choices=[], value=None)), None, [parts.saved, parts.earlier], **how
    )

    def as_file(kind: export.Kind) -> Any:
        def save(stored: Any, request: gr.Request) -> dict[str, str]:
            return export.as_file(talk_from(stored), kind, visitor_in(request).language)

        return save

    markdown, page = as_file("md"), as_file("html")
    for button, save in ((parts.save_markdown, markdown), (parts.save_page, page)):
        saving = button.click(save, parts.talk, parts.download, **how)
        saving.then(None, parts.download, None, js=_DOWNLOAD, api_visibility="private")


def choices_of(talks: tuple[Talk, ...]) -> list[tuple[str, int]]:
    """Return the earlier conversations as choices."""
    return [(title_of(talk), place) for place, talk in enumerate(talks)]


def _put_by(talk: Talk, talks: tuple[Talk, ...]) -> tuple[Talk, ...]:
    return (talk, *talks) if talk else talks


def _opened(
    conversation: Conversation,
    visitor: Visitor,
    talk: Talk,
    talks: tuple[Talk, ...],
    chosen: list[str],
) -> tuple[Any, ...]:
    import gradio as gr

    shown = conversation.shown(visitor, talk, tuple(chosen))
    earlier = gr.update(choices=choices_of(talks), value=None)
    return (*_outputs(shown, visitor.language), kept_all(talks), earlier)


def _outputs(shown: Shown, page: Language) -> tuple[Any, ...]:
    return messages_of(shown.talk, shown.waiting, page), kept(shown.talk), shown.panel


def _turn(index: int | tuple[int, int]) -> int:
    """Return the turn that a message belongs to: each turn has two."""
    return (index if isinstance(index, int) else index[0]) // 2
