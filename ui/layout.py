"""Where everything stands on the page; chat_events.py and article_events.py say what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.readers import READERS
from index.readers.scans import PICTURES, can_recognise
from ui.i18n import browser_key, page_texts

if TYPE_CHECKING:
    import gradio as gr

UNDO_SECONDS = 600  # for which a removed article can be brought back
Translate = Callable[[str], Any]  # a text's key to what Gradio shows of it in each language


@dataclass(frozen=True, slots=True)
class ChatSide:
    """The conversation, and the dialog of what is done with it."""

    messages: gr.Chatbot
    status: gr.HTML
    undo: gr.Button
    active_filters: tuple[gr.Button, gr.Button, gr.Button]  # of languages, days, sources
    question: gr.Textbox
    new: gr.Button
    save_markdown: gr.Button
    save_page: gr.Button
    earlier: gr.Radio
    forget: gr.Button


@dataclass(frozen=True, slots=True)
class FilterFields:
    """The fields that narrow down what is asked, and how many articles that leaves."""

    languages: gr.Dropdown
    since: gr.Textbox
    until: gr.Textbox
    source: gr.Textbox
    count: gr.HTML

    @property
    def inputs(self) -> tuple[gr.Dropdown, gr.Textbox, gr.Textbox, gr.Textbox]:
        """The fields in the order that `ui.request.GATHER` takes them."""
        return self.languages, self.since, self.until, self.source


@dataclass(frozen=True, slots=True)
class AddFields:
    """The fields by which an article is added, and why it was not."""

    file: gr.File
    scans: gr.Checkbox
    text: gr.Textbox
    title: gr.Textbox
    add_text: gr.Button
    url: gr.Textbox
    add_page: gr.Button
    status: gr.HTML


@dataclass(frozen=True, slots=True)
class ArticleSide:
    """The articles: which are asked, how one is added and removed, and the one that is shown."""

    chosen: gr.CheckboxGroup
    filters: FilterFields
    adding: AddFields
    own: gr.HTML
    show: gr.Dropdown
    panel: gr.HTML


@dataclass(frozen=True, slots=True)
class Components:
    """The components that the handlers read and write; the last ones are not seen.

    The browser keeps ``talk``, the conversation of its tab, and ``saved``, all that were not
    forgotten. ``asked`` and ``where`` are the question and the filters as they were sent. The
    page's script shows a citation by ``cited`` and ``cite``, removes an article by ``removed`` and
    ``remove``, and fetches ``download``. ``removal`` is the secret of what Undo brings back.
    """

    bar: gr.HTML
    chat: ChatSide
    articles: ArticleSide
    cited: gr.Textbox
    cite: gr.Button
    removed: gr.Textbox
    remove: gr.Button
    talk: gr.JSON
    saved: gr.JSON
    asked: gr.Textbox
    where: gr.JSON
    download: gr.JSON
    removal: gr.State


def translations() -> gr.I18n:
    """Return the page's texts as Gradio takes them."""
    import gradio as gr

    return gr.I18n(**page_texts())


def lay_out(feedback: bool, max_question: int) -> Components:
    """Lay the page out within the Blocks that is open."""
    import gradio as gr

    texts = translations()

    def i18n(key: str) -> Any:
        return texts(browser_key(key))

    bar = gr.HTML(elem_id="bar", padding=False)
    with gr.Row(elem_id="sides", equal_height=True):
        with gr.Column(min_width=320, elem_id="chat-side"):
            messages, status, undo, active, question = _conversation(i18n, feedback, max_question)
        with gr.Column(min_width=320, elem_id="article-side"):
            close = gr.Button("✕", elem_id="close", size="sm")
            show = gr.Dropdown(
                label=i18n("show"), choices=[], visible=False, elem_id="show", container=False
            )
            panel = gr.HTML(elem_id="article", padding=False)
    with gr.Column(elem_id="picker", elem_classes="dialog"):
        chosen, filters, own = _picker(i18n)
    with gr.Column(elem_id="adder", elem_classes="dialog"):
        adding = _add_fields(i18n)
    with gr.Column(elem_id="menu", elem_classes="dialog"):
        menu = _menu(i18n)
    close.click(None, None, None, js="() => articleQA.closeSheet()", api_visibility="private")
    with gr.Row(elem_id="unseen"):  # the page's script reaches the handlers through these
        cited, removed = gr.Textbox(elem_id="cited"), gr.Textbox(elem_id="removed")
        cite, remove = gr.Button("cite", elem_id="cite"), gr.Button("remove", elem_id="remove")
    return Components(
        bar, ChatSide(messages, status, undo, active, question, *menu),
        ArticleSide(chosen, filters, adding, own, show, panel), cited, cite, removed, remove,
        talk=gr.JSON(visible="hidden"), saved=gr.JSON(visible="hidden"),
        asked=gr.Textbox(visible=False), where=gr.JSON(visible=False),
        download=gr.JSON(visible=False), removal=gr.State(""),
    )  # fmt: skip


def _conversation(
    i18n: Translate, feedback: bool, max_question: int
) -> tuple[gr.Chatbot, gr.HTML, gr.Button, tuple[gr.Button, gr.Button, gr.Button], gr.Textbox]:
    import gradio as gr

    messages = gr.Chatbot(
        elem_id="chat", label=i18n("chat"), show_label=False, height="100%", buttons=[],
        container=False, editable="user", render_markdown=False, sanitize_html=True,
        allow_tags=False, autoscroll=False, latex_delimiters=[],
        feedback_options=["Like", "Dislike"] if feedback else None,
    )  # fmt: skip
    with gr.Row(elem_id="note"):
        status = gr.HTML(padding=False, elem_id="status")
        undo = gr.Button(i18n("undo"), size="sm", visible=False, elem_id="undo", min_width=80)
    with gr.Row(elem_id="active-filters"):
        active = _chip("languages"), _chip("days"), _chip("sources")
    question = gr.Textbox(
        elem_id="question", label=i18n("question"), placeholder=i18n("placeholder"),
        container=False, max_length=max_question, submit_btn=True, autofocus=True, max_lines=5,
    )  # fmt: skip
    return messages, status, undo, active, question


def _chip(name: str) -> gr.Button:
    import gradio as gr

    return gr.Button("", size="sm", visible=False, elem_id=f"active-{name}", min_width=40)


def _menu(i18n: Translate) -> tuple[gr.Button, gr.Button, gr.Button, gr.Radio, gr.Button]:
    import gradio as gr

    new = gr.Button(i18n("new"), elem_id="new")
    save_markdown = gr.Button(i18n("save markdown"), elem_id="save-markdown")
    save_page = gr.Button(i18n("save html"), elem_id="save-page")
    earlier = gr.Radio(
        label=i18n("history"), info=i18n("history label"), choices=[], elem_id="earlier"
    )
    forget = gr.Button(i18n("forget"), elem_id="forget")
    return new, save_markdown, save_page, earlier, forget


def _picker(i18n: Translate) -> tuple[gr.CheckboxGroup, FilterFields, gr.HTML]:
    import gradio as gr

    # Its script hides what does not match; in the browser alone.
    gr.Textbox(
        elem_id="find", label=i18n("find"), placeholder=i18n("find"), container=False,
        max_length=100,
    )  # fmt: skip
    chosen = gr.CheckboxGroup(
        label=i18n("choose"), choices=[], elem_id="chosen", show_select_all=True
    )
    own = gr.HTML(elem_id="own", padding=False)
    with gr.Accordion(i18n("narrow"), open=False, elem_id="narrow"):
        filters = _filter_fields(i18n)
    return chosen, filters, own


def _filter_fields(i18n: Translate) -> FilterFields:
    import gradio as gr

    languages = gr.Dropdown(
        label=i18n("languages"), choices=[], multiselect=True, elem_id="languages"
    )
    with gr.Row():
        since, until = (
            gr.Textbox(
                label=i18n(name), placeholder=i18n("day"), max_length=10, elem_id=name,
                min_width=120,
            )
            for name in ("since", "until")
        )  # fmt: skip
    source = gr.Textbox(label=i18n("source"), max_length=2_000, elem_id="source")
    return FilterFields(languages, since, until, source, gr.HTML(elem_id="left", padding=False))


def _add_fields(i18n: Translate) -> AddFields:
    import gradio as gr

    status = gr.HTML(elem_id="adding", padding=False)
    file = gr.File(
        label=i18n("file"), elem_id="file", height=120,
        file_types=[*READERS, *(PICTURES if can_recognise() else ())],
    )  # fmt: skip
    scans = gr.Checkbox(
        False, label=i18n("scans"), visible=can_recognise(), elem_id="scans", container=False
    )
    text = gr.Textbox(label=i18n("text label"), lines=3, max_lines=8, elem_id="pasted")
    with gr.Row(equal_height=True):
        title = gr.Textbox(label=i18n("title label"), max_length=300, scale=3, elem_id="title")
        add_text = gr.Button(i18n("add text"), elem_id="add-text", min_width=120)
    with gr.Row(equal_height=True):
        url = gr.Textbox(
            label=i18n("address label"), max_length=2_000, elem_id="url", type="text", scale=3
        )
        add_page = gr.Button(i18n("add page"), elem_id="add-page", min_width=120)
    return AddFields(file, scans, text, title, add_text, url, add_page, status)
