"""What happens when a question is asked, stopped, edited, cited or liked."""

# Gradio reads the handlers' annotations when the page is built; as strings they would name a
# module that is not imported here, so there is no `from __future__ import annotations`.

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ui import export
from ui.cards import chat_messages, from_page
from ui.chat import ChatService
from ui.intake import Intake
from ui.layout import Components
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
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


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


class AnswerStream:
    """What the page shows while a question is answered; a newer one of the same page ends it."""

    def __init__(self, service: ChatService, intake: Intake) -> None:
        import gradio as gr

        self._service, self._intake = service, intake
        can_stop = service.can_stop
        self._busy = gr.update(submit_btn=not can_stop, stop_btn=can_stop, interactive=not can_stop)
        self._ready = gr.update(submit_btn=True, stop_btn=False, interactive=True)
        self._same = gr.skip()

    def stream(
        self, question: str, talk: Talk, stored: Any, chosen: list[str], where: Any,
        request: "gr.Request",
    ) -> Iterator[tuple[Any, ...]]:  # fmt: skip
        """Yield messages, the conversation to be stored, panel and question field."""
        visitor, name, latest = visitor_in(request), talk_id(stored), self._service.latest
        token = latest.begin(request.session_hash)
        stored_talk = self._same  # until there is something to keep: a stop must lose nothing
        try:
            for state in self._service.answer(visitor, question, talk, tuple(chosen), where):
                if not latest.is_latest(request.session_hash, token):
                    return
                messages = messages_of(
                    self._intake, visitor, state.talk, tuple(chosen), state.waiting
                )
                if not state.waiting:
                    stored_talk = dump_talk(state.talk, name, visitor.user)
                yield (
                    messages,
                    stored_talk,
                    state.panel,
                    self._busy if state.waiting else self._same,
                )
            yield self._same, self._same, self._same, self._ready
        finally:  # also when the page is closed in the middle of it
            latest.end(request.session_hash, token)

    def stop(
        self, asked: str, stored: Any, chosen: list[str], request: "gr.Request"
    ) -> tuple[Any, ...]:
        """Return the messages kept, and the question field with what was not answered."""
        self._service.latest.end(request.session_hash)
        talk = _talk(stored, request)
        unanswered = all(turn.question != asked for turn in talk)
        given_back = {**self._ready, "value": asked if unanswered else ""}
        return messages_of(self._intake, visitor_in(request), talk, tuple(chosen)), given_back


class QuestionHandlers(NamedTuple):
    """Gradio's handlers of a question that is typed, picked, asked again, edited, stopped."""

    ask: Callable[..., Any]
    ask_picked: Callable[..., Any]
    retry: Callable[..., Any]
    edit: Callable[..., Any]
    stop: Callable[..., Any]


def question_handlers(answers: AnswerStream) -> QuestionHandlers:
    """Return the handlers; Gradio reads from their annotations what they take."""
    import gradio as gr

    def ask(
        question: str, stored: Any, chosen: list[str], where: Any, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        if question.strip():  # Enter pressed twice sends an empty one after it
            talk = _talk(stored, request)
            yield from answers.stream(question, talk, stored, chosen, where, request)
        else:
            yield (gr.skip(),) * 4

    def ask_picked(
        stored: Any, chosen: list[str], where: Any, data: gr.SelectData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        picked = data.value["text"] if isinstance(data.value, dict) else data.value
        talk = _talk(stored, request)
        yield from answers.stream(str(picked), talk, stored, chosen, where, request)

    def retry(
        stored: Any, chosen: list[str], where: Any, data: gr.RetryData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        talk, turn = _talk(stored, request), _turn(data.index)
        if turn < len(talk):
            question = talk[turn].question
            yield from answers.stream(question, talk[:turn], stored, chosen, where, request)

    def edit(
        stored: Any, chosen: list[str], where: Any, data: gr.EditData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        before = _talk(stored, request)[: _turn(data.index)]
        question = from_page(str(data.value))
        yield from answers.stream(question, before, stored, chosen, where, request)

    def stop(asked: str, stored: Any, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        return answers.stop(asked, stored, chosen, request)

    return QuestionHandlers(ask, ask_picked, retry, edit, stop)


def on_questions(page: Components, service: ChatService, intake: Intake) -> None:
    """Answer questions: typed, picked, again, and edited."""
    handlers = question_handlers(AnswerStream(service, intake))
    state = [page.talk, page.articles.chosen, page.where]
    options: dict[str, Any] = {
        "outputs": [page.chat.messages, page.talk, page.articles.panel, page.chat.question],
        "api_visibility": "private", "show_progress": "minimal",
        "show_progress_on": page.chat.messages,  # its bubble of dots, from the first moment
        "concurrency_limit": AT_ONCE, "concurrency_id": "ask", "trigger_mode": "multiple",
    }  # fmt: skip
    # In the browser alone, so that the question is seen at once; and back if nobody answers.
    submitted = page.chat.question.submit(
        None, [page.chat.question, page.chat.messages, *page.articles.filters.inputs],
        [page.chat.question, page.asked, page.chat.messages, page.chat.status, page.where],
        js="(question, messages, ...fields) => "
        f"[...articleQA.say(question, messages), ({GATHER})(...fields)]",
        api_visibility="private",
    )  # fmt: skip
    asking = submitted.then(handlers.ask, [page.asked, *state], **options)
    asking.failure(
        None,
        [page.asked, page.chat.messages],
        [page.chat.question, page.chat.messages],
        js="(question, messages) => articleQA.giveBack(question, messages)",
        api_visibility="private",
    )
    events = [
        asking,
        page.chat.messages.example_select(handlers.ask_picked, state, **options),
        page.chat.messages.option_select(handlers.ask_picked, state, **options),
        page.chat.messages.retry(handlers.retry, state, **options),
        page.chat.messages.edit(handlers.edit, state, **options),
    ]
    page.chat.question.stop(
        handlers.stop, [page.asked, page.talk, page.articles.chosen],
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
    """Begin a conversation, or go back to an earlier one."""
    import gradio as gr

    def begin(saved: Any, chosen: list[str], request: gr.Request) -> tuple[Any, ...]:
        talks = load_talks(saved, request.username)
        return show(SavedTalk(talk_id(None), 0, ()), talks, chosen, request)

    def go_back(
        name: str | None, saved: Any, chosen: list[str], request: gr.Request
    ) -> tuple[Any, ...]:
        talks = load_talks(saved, request.username)
        found = next((one for one in talks if one.id == name), None)
        return (gr.skip(),) * 4 if found is None else show(found, talks, chosen, request)

    def show(
        opened: SavedTalk, talks: tuple[SavedTalk, ...], chosen: list[str], request: gr.Request
    ) -> tuple[Any, ...]:
        visitor = visitor_in(request)
        service.latest.end(request.session_hash)  # what is still answered is of another talk
        return (
            messages_of(intake, visitor, opened.talk, tuple(chosen)),
            dump_talk(opened.talk, opened.id, visitor.user),
            service.page_state(visitor, opened.talk, tuple(chosen)).panel,
            gr.update(choices=choices_of(talks, but=opened.id), value=None),
        )

    outputs = [page.chat.messages, page.talk, page.articles.panel, page.chat.earlier]
    state = [page.saved, page.articles.chosen]
    # What is kept by now, by other tabs too.
    saved_now = "(saved, ...others) => [articleQA.saved(), ...others]"
    begun = page.chat.new.click(begin, state, outputs, js=saved_now, **_QUIET)
    back = page.chat.earlier.input(
        go_back, [page.chat.earlier, *state], outputs,
        js="(name, saved, ...others) => [name, articleQA.saved(), ...others]", **_QUIET,
    )  # fmt: skip
    for event in (begun, back):
        event.then(None, None, None, js="() => articleQA.close()", api_visibility="private")


def on_storage(page: Components) -> None:
    """Keep conversations in the browser, and forget them all."""
    import gradio as gr

    def forget(request: gr.Request) -> tuple[Any, ...]:
        return {"user": request.username, "kept": {}}, gr.update(choices=[], value=None)

    page.chat.forget.click(forget, None, [page.saved, page.chat.earlier], **_QUIET)
    # The conversation of a tab beside those of the others.
    for component, script in (
        (page.talk, "(talk) => articleQA.keep(talk)"),
        (page.saved, "(saved) => articleQA.replace(saved)"),
    ):
        component.change(None, component, None, js=script, api_visibility="private")


def on_export(page: Components) -> None:
    """Save the conversation as a file."""
    import gradio as gr

    def save(file_type: export.FileType, stored: Any, request: gr.Request) -> dict[str, str]:
        return export.as_file(_talk(stored, request), file_type, visitor_in(request).language)

    def save_markdown(stored: Any, request: gr.Request) -> dict[str, str]:
        return save("md", stored, request)

    def save_html(stored: Any, request: gr.Request) -> dict[str, str]:
        return save("html", stored, request)

    for button, handler in (
        (page.chat.save_markdown, save_markdown),
        (page.chat.save_page, save_html),
    ):
        saving = button.click(handler, page.talk, page.download, **_QUIET)
        saving.then(None, page.download, None, js=_DOWNLOAD, api_visibility="private")


def choices_of(talks: tuple[SavedTalk, ...], but: str = "") -> list[tuple[str, str]]:
    """Return the kept conversations as choices, but for the one that is shown."""
    return [(title_of(one.talk), one.id) for one in talks if one.id != but]


def _turn(index: int | tuple[int, int]) -> int:
    """Return the turn that a message belongs to: each turn has two."""
    return (index if isinstance(index, int) else index[0]) // 2
