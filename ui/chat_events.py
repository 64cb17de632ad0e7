"""What happens when a question is asked, stopped, edited, cited or liked."""

# Gradio reads the handlers' annotations when the page is built; as strings they would name a
# module that is not imported here, so there is no `from __future__ import annotations`.

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ui import export
from ui.cards import chat_messages, from_page
from ui.chat import ChatService
from ui.layout import Components
from ui.library import Intake
from ui.logs import Feedback
from ui.request import GATHER, Visitor, visitor_from
from ui.talk import SavedTalk, Talk, dump_talk, load_talk, load_talks, talk_id

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
_SUGGESTED = 3  # questions that are offered after an answer


def visitor_in(request: "gr.Request") -> Visitor:
    """Return who sent a request of Gradio's."""
    name = request.session_hash
    return visitor_from(request.cookies, request.headers, name, request.username)


def messages_of(
    intake: Intake, visitor: Visitor, talk: Talk, chosen: tuple[str, ...], waiting: str = ""
) -> list[dict[str, Any]]:
    """Return a conversation as messages, with questions that can be asked next."""
    suggested_questions: tuple[str, ...] = ()
    if talk and not waiting and talk[-1].status != "failed":
        asked = {turn.question for turn in talk}
        examples = intake.examples(visitor, chosen, talk[-1].language)
        suggested_questions = tuple(q for q in examples if q not in asked)[:_SUGGESTED]
    return chat_messages(talk, waiting, visitor.language, suggested_questions)


def _talk(stored: Any, request: "gr.Request") -> Talk:
    return load_talk(stored, request.username)


def title_of(talk: Talk) -> str:
    """Return what an earlier conversation is called: its first question."""
    question = " ".join(talk[0].question.split())
    return question if len(question) <= 60 else question[:60] + "…"


def on_questions(page: Components, service: ChatService, intake: Intake) -> None:
    """Answer questions: typed, picked, again, and edited."""
    import gradio as gr

    can_stop = service.can_stop
    busy = gr.update(submit_btn=not can_stop, stop_btn=can_stop, interactive=not can_stop)
    ready = gr.update(submit_btn=True, stop_btn=False, interactive=True)
    newest = service.newest

    def said(
        question: str, talk: Talk, stored: Any, chosen: list[str], where: Any, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        visitor, mine, name = visitor_in(request), object(), talk_id(stored)
        newest[request.session_hash] = mine
        stored_talk = gr.skip()  # until there is something to keep: a stop must lose nothing
        try:
            for shown in service.answer(visitor, question, talk, tuple(chosen), where):
                if newest.get(request.session_hash) is not mine:
                    return  # another question of this conversation came meanwhile
                now = dump_talk(shown.talk, name, visitor.user)
                messages = messages_of(intake, visitor, shown.talk, tuple(chosen), shown.waiting)
                stored_talk = stored_talk if shown.waiting else now
                yield messages, stored_talk, shown.panel, busy if shown.waiting else gr.skip()
            yield gr.skip(), gr.skip(), gr.skip(), ready
        finally:  # also when the page is closed in the middle of it
            if newest.get(request.session_hash) is mine:
                del newest[request.session_hash]

    def ask(
        question: str, stored: Any, chosen: list[str], where: Any, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        if question.strip():  # Enter pressed twice sends an empty one after it
            yield from said(question, _talk(stored, request), stored, chosen, where, request)
        else:
            yield (gr.skip(),) * 4

    def ask_picked(
        stored: Any, chosen: list[str], where: Any, data: gr.SelectData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        picked = data.value["text"] if isinstance(data.value, dict) else data.value
        yield from said(str(picked), _talk(stored, request), stored, chosen, where, request)

    def retry(
        stored: Any, chosen: list[str], where: Any, data: gr.RetryData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        talk, turn = _talk(stored, request), _turn(data.index)
        if turn < len(talk):
            yield from said(talk[turn].question, talk[:turn], stored, chosen, where, request)

    def edit(
        stored: Any, chosen: list[str], where: Any, data: gr.EditData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        before = _talk(stored, request)[: _turn(data.index)]
        yield from said(from_page(str(data.value)), before, stored, chosen, where, request)

    def stop(asked: str, stored: Any, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        """Show the kept conversation, and give back a question that was not answered."""
        newest.pop(request.session_hash, None)
        talk = _talk(stored, request)
        unanswered = all(turn.question != asked for turn in talk)
        given_back = gr.update(
            submit_btn=True, stop_btn=False, interactive=True, value=asked if unanswered else ""
        )
        return messages_of(intake, visitor_in(request), talk, tuple(chosen)), given_back

    outputs = [page.chat.messages, page.talk, page.articles.panel, page.chat.question]
    state = [page.talk, page.articles.chosen, page.where]
    how: dict[str, Any] = {
        "outputs": outputs, "api_visibility": "private", "show_progress": "minimal",
        "show_progress_on": page.chat.messages,  # its bubble of dots, from the first moment
        "concurrency_limit": AT_ONCE, "concurrency_id": "ask", "trigger_mode": "multiple",
    }  # fmt: skip
    # In the browser alone, so that the question is seen at once; and back if nobody answers.
    taken = page.chat.question.submit(
        None, [page.chat.question, page.chat.messages, *page.articles.filters.inputs],
        [page.chat.question, page.asked, page.chat.messages, page.chat.note, page.where],
        js="(question, messages, ...fields) => "
        f"[...articleQA.say(question, messages), ({GATHER})(...fields)]",
        api_visibility="private",
    )  # fmt: skip
    asking = taken.then(ask, [page.asked, *state], **how)
    asking.failure(
        None,
        [page.asked, page.chat.messages],
        [page.chat.question, page.chat.messages],
        js="(question, messages) => articleQA.giveBack(question, messages)",
        api_visibility="private",
    )
    events = [
        asking,
        page.chat.messages.example_select(ask_picked, state, **how),
        page.chat.messages.option_select(ask_picked, state, **how),
        page.chat.messages.retry(retry, state, **how),
        page.chat.messages.edit(edit, state, **how),
    ]
    page.chat.question.stop(
        stop, [page.asked, page.talk, page.articles.chosen],
        [page.chat.messages, page.chat.question], cancels=events, api_visibility="private",
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


def on_history(page: Components, service: ChatService, intake: Intake) -> None:
    """Begin anew, go back to an earlier conversation, forget them, save one as a file."""
    import gradio as gr

    def begin(saved: Any, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        talks = load_talks(saved, request.username)
        return opened(SavedTalk(talk_id(None), 0, ()), talks, chosen, request)

    def go_back(
        name: str | None, saved: Any, chosen: list[str], request: gr.Request
    ) -> tuple[Any, ...]:
        talks = load_talks(saved, request.username)
        found = next((one for one in talks if one.id == name), None)
        return (gr.skip(),) * 4 if found is None else opened(found, talks, chosen, request)

    def opened(
        kept: SavedTalk, talks: tuple[SavedTalk, ...], chosen: list[str], request: gr.Request
    ) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        service.newest.pop(request.session_hash, None)  # what is still answered is of another talk
        shown = service.shown(visitor, kept.talk, tuple(chosen))
        return (
            messages_of(intake, visitor, kept.talk, tuple(chosen)),
            dump_talk(kept.talk, kept.id, visitor.user),
            shown.panel,
            gr.update(choices=choices_of(talks, but=kept.id), value=None),
        )

    outputs = [page.chat.messages, page.talk, page.articles.panel, page.chat.earlier]
    how: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    state = [page.saved, page.articles.chosen]
    # What is kept by now, by other tabs too.
    kept = "(saved, ...others) => [articleQA.saved(), ...others]"
    anew = page.chat.new.click(begin, state, outputs, js=kept, **how)
    back = page.chat.earlier.input(
        go_back, [page.chat.earlier, *state], outputs,
        js="(name, saved, ...others) => [name, articleQA.saved(), ...others]", **how,
    )  # fmt: skip
    for done in (anew, back):
        done.then(None, None, None, js="() => articleQA.close()", api_visibility="private")

    def forget(request: gr.Request) -> tuple[Any, ...]:
        return {"user": request.username, "kept": {}}, gr.update(choices=[], value=None)

    page.chat.forget.click(forget, None, [page.saved, page.chat.earlier], **how)
    # The browser keeps them: the conversation of a tab beside those of the others.
    for component, script in (
        (page.talk, "(talk) => articleQA.keep(talk)"),
        (page.saved, "(saved) => articleQA.replace(saved)"),
    ):
        component.change(None, component, None, js=script, api_visibility="private")

    def as_file(kind: export.Kind) -> Any:
        def save(stored: Any, request: gr.Request) -> dict[str, str]:
            return export.as_file(_talk(stored, request), kind, visitor_in(request).language)

        return save

    markdown, html = as_file("md"), as_file("html")
    for button, save in ((page.chat.save_markdown, markdown), (page.chat.save_page, html)):
        saving = button.click(save, page.talk, page.download, **how)
        saving.then(None, page.download, None, js=_DOWNLOAD, api_visibility="private")


def choices_of(talks: tuple[SavedTalk, ...], but: str = "") -> list[tuple[str, str]]:
    """Return the kept conversations as choices, but for the one that is shown."""
    return [(title_of(one.talk), one.id) for one in talks if one.id != but]


def _turn(index: int | tuple[int, int]) -> int:
    """Return the turn that a message belongs to: each turn has two."""
    return (index if isinstance(index, int) else index[0]) // 2
