"""Where everything stands on the page; chat_events.py and article_events.py say what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.readers import READERS
from index.readers.scans import PICTURES, can_recognise
from ui.i18n import browser_key, page_texts
from ui.render import chatbot

if TYPE_CHECKING:
    import gradio as gr

# The browser's copy is scrambled with a key that stands in the page, which protects nothing; one
# that changes with each start, Gradio's default, would only lose the history.
_STORED, _KEY = "article-qa", "article-qa"
Translate = Callable[[str], Any]  # a text's key to what Gradio shows of it in each language


@dataclass(frozen=True, slots=True)
class ChatSide:
    """The conversation and what is done with it."""

    messages: gr.Chatbot
    question: gr.Textbox
    examples: gr.Dataset
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
    left: gr.HTML

    @property
    def inputs(self) -> tuple[gr.Dropdown, gr.Textbox, gr.Textbox, gr.Textbox]:
        """The fields in the order that `ui.request.GATHER` takes them."""
        return self.languages, self.since, self.until, self.source


@dataclass(frozen=True, slots=True)
class AddFields:
    """The fields by which an article is added."""

    file: gr.File
    scans: gr.Checkbox
    title: gr.Textbox
    text: gr.Textbox
    add_text: gr.Button
    url: gr.Textbox
    add_page: gr.Button


@dataclass(frozen=True, slots=True)
class ArticleSide:
    """The articles: which are asked, how one is added and removed, and the one that is shown."""

    chosen: gr.CheckboxGroup
    filters: FilterFields
    adding: AddFields
    status: gr.HTML
    removable: gr.Dropdown
    remove: gr.Button
    show: gr.Dropdown
    panel: gr.HTML


@dataclass(frozen=True, slots=True)
class Components:
    """The components that the handlers read and write; the last ones are not seen.

    ``talk`` and ``saved`` are what the browser keeps. ``asked`` and ``where`` are the question and
    the filters as they were sent. The page's script fetches ``download``, and shows a citation by
    ``cited`` and ``cite``.
    """

    head: gr.HTML
    chat: ChatSide
    articles: ArticleSide
    cited: gr.Textbox
    cite: gr.Button
    talk: gr.BrowserState
    saved: gr.BrowserState
    asked: gr.Textbox
    where: gr.JSON
    download: gr.JSON


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

    head = gr.HTML(elem_id="head", padding=False)
    with gr.Row(elem_id="sides"):
        with gr.Column(min_width=320, elem_id="chat-side"):
            chat = _chat_side(i18n, feedback, max_question)
        with gr.Column(min_width=320, elem_id="article-side"):
            articles = _article_side(i18n)
    with gr.Row(elem_id="unseen"):  # the page's script reaches the handlers through these
        cited = gr.Textbox(elem_id="cited", show_label=False, container=False)
        cite = gr.Button("cite", elem_id="cite")
    return Components(
        head, chat, articles, cited, cite,
        talk=gr.BrowserState({}, storage_key=f"{_STORED}-talk", secret=_KEY),
        saved=gr.BrowserState({}, storage_key=f"{_STORED}-saved", secret=_KEY),
        asked=gr.Textbox(visible=False), where=gr.JSON(visible=False),
        download=gr.JSON(visible=False),
    )  # fmt: skip


def _chat_side(i18n: Translate, feedback: bool, max_question: int) -> ChatSide:
    import gradio as gr

    messages = chatbot(i18n("chat"), feedback)
    question = gr.Textbox(
        elem_id="question", label=i18n("question"), placeholder=i18n("placeholder"),
        container=False, max_length=max_question, submit_btn=True, autofocus=True,
    )  # fmt: skip
    examples = gr.Dataset(
        components=["textbox"], samples=[], label=i18n("try"), elem_id="examples", type="values"
    )
    with gr.Row(elem_id="talk-buttons"):
        new = gr.Button(i18n("new"), size="sm")
        save_markdown = gr.Button(i18n("save markdown"), size="sm", elem_id="save-markdown")
        save_page = gr.Button(i18n("save html"), size="sm", elem_id="save-page")
    with gr.Accordion(i18n("history"), open=False, elem_id="history"):
        earlier = gr.Radio(label=i18n("history label"), choices=[], elem_id="earlier")
        forget = gr.Button(i18n("forget"), size="sm")
    return ChatSide(messages, question, examples, new, save_markdown, save_page, earlier, forget)


def _article_side(i18n: Translate) -> ArticleSide:
    import gradio as gr

    with gr.Accordion(i18n("articles"), open=False, elem_id="desk"):
        chosen = gr.CheckboxGroup(label=i18n("choose"), choices=[], elem_id="chosen")
        with gr.Accordion(i18n("narrow"), open=False, elem_id="narrow"):
            filters = _filter_fields(i18n)
        with gr.Tabs():
            adding = _add_fields(i18n)
        status = gr.HTML(elem_id="status", padding=False)
        with gr.Row():
            removable = gr.Dropdown(
                label=i18n("remove label"), choices=[], visible=False, elem_id="removable"
            )
            remove = gr.Button(
                i18n("remove"), size="sm", variant="stop", visible=False, elem_id="remove"
            )
    show = gr.Dropdown(label=i18n("show"), choices=[], visible=False, elem_id="show")
    panel = gr.HTML(elem_id="article", padding=False)
    return ArticleSide(chosen, filters, adding, status, removable, remove, show, panel)


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

    with gr.Tab(i18n("file")):
        file = gr.File(
            label="PDF, DOCX, HTML, TXT, EML, EPUB, PPTX…", elem_id="file", height=120,
            file_types=[*READERS, *(PICTURES if can_recognise() else ())],
        )  # fmt: skip
        scans = gr.Checkbox(
            False, label=i18n("scans"), visible=can_recognise(), elem_id="scans", container=False
        )
    with gr.Tab(i18n("text")):
        title = gr.Textbox(label=i18n("title label"), max_length=300)
        text = gr.Textbox(label=i18n("text label"), lines=5, max_lines=12, elem_id="pasted")
        add_text = gr.Button(i18n("add text"), size="sm", elem_id="add-text")
    with gr.Tab(i18n("address")):
        url = gr.Textbox(label=i18n("address label"), max_length=2_000, elem_id="url", type="text")
        add_page = gr.Button(i18n("add page"), size="sm", elem_id="add-page")
    return AddFields(file, scans, title, text, add_text, url, add_page)
