"""Where everything stands on the page; what it does is wired in ui/app.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.readers import READERS
from ui.i18n import browser_key, page_texts
from ui.render import chatbot

if TYPE_CHECKING:
    import gradio as gr

# The browser's copy is scrambled with a key that stands in the page, which protects nothing; one
# that changes with each start, Gradio's default, would only lose the history.
_STORED, _KEY = "article-qa", "article-qa"


@dataclass(frozen=True, slots=True)
class Components:
    """The components that the handlers read and write."""

    head: gr.HTML
    talk: gr.BrowserState
    saved: gr.BrowserState
    messages: gr.Chatbot
    question: gr.Textbox
    asked: gr.Textbox
    examples: gr.Dataset
    new: gr.Button
    save_markdown: gr.Button
    save_page: gr.Button
    download: gr.JSON
    earlier: gr.Radio
    forget: gr.Button
    chosen: gr.CheckboxGroup
    languages: gr.Dropdown
    since: gr.Textbox
    until: gr.Textbox
    source: gr.Textbox
    left: gr.HTML
    where: gr.JSON
    file: gr.File
    text: gr.Textbox
    title: gr.Textbox
    add_text: gr.Button
    url: gr.Textbox
    add_page: gr.Button
    status: gr.HTML
    removable: gr.Dropdown
    remove: gr.Button
    show: gr.Dropdown
    panel: gr.HTML
    cited: gr.Textbox
    cite: gr.Button

    @property
    def filters(self) -> tuple[gr.Dropdown, gr.Textbox, gr.Textbox, gr.Textbox]:
        """The fields that narrow a question down, in the order that `GATHER` takes them."""
        return self.languages, self.since, self.until, self.source


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
            messages = chatbot(i18n("chat"), feedback)
            question = gr.Textbox(
                elem_id="question",
                label=i18n("question"),
                placeholder=i18n("placeholder"),
                container=False,
                max_length=max_question,
                submit_btn=True,
                autofocus=True,
            )
            examples = gr.Dataset(
                components=["textbox"], samples=[], label=i18n("try"), elem_id="examples",
                type="values",
            )  # fmt: skip
            with gr.Row(elem_id="talk-buttons"):
                new = gr.Button(i18n("new"), size="sm")
                save_markdown = gr.Button(i18n("save markdown"), size="sm", elem_id="save-markdown")
                save_page = gr.Button(i18n("save html"), size="sm", elem_id="save-page")
            with gr.Accordion(i18n("history"), open=False, elem_id="history"):
                earlier = gr.Radio(label=i18n("history label"), choices=[], elem_id="earlier")
                forget = gr.Button(i18n("forget"), size="sm")
        with gr.Column(min_width=320, elem_id="article-side"):
            with gr.Accordion(i18n("articles"), open=False, elem_id="desk"):
                chosen = gr.CheckboxGroup(label=i18n("choose"), choices=[], elem_id="chosen")
                with gr.Accordion(i18n("narrow"), open=False, elem_id="narrow"):
                    languages = gr.Dropdown(
                        label=i18n("languages"), choices=[], multiselect=True, elem_id="languages"
                    )  # fmt: skip
                    with gr.Row():
                        since = gr.Textbox(
                            label=i18n("since"), placeholder=i18n("day"), max_length=10,
                            elem_id="since", min_width=120,
                        )  # fmt: skip
                        until = gr.Textbox(
                            label=i18n("until"), placeholder=i18n("day"), max_length=10,
                            elem_id="until", min_width=120,
                        )  # fmt: skip
                    source = gr.Textbox(label=i18n("source"), max_length=2_000, elem_id="source")
                    left = gr.HTML(elem_id="left", padding=False)
                with gr.Tabs():
                    with gr.Tab(i18n("file")):
                        file = gr.File(
                            label=", ".join(suffix[1:] for suffix in READERS), elem_id="file",
                            height=120, file_types=[*READERS],
                        )  # fmt: skip
                    with gr.Tab(i18n("text")):
                        title = gr.Textbox(label=i18n("title label"), max_length=300)
                        text = gr.Textbox(
                            label=i18n("text label"), lines=5, max_lines=12, elem_id="pasted"
                        )
                        add_text = gr.Button(i18n("add text"), size="sm", elem_id="add-text")
                    with gr.Tab(i18n("address")):
                        url = gr.Textbox(
                            label=i18n("address label"),
                            max_length=2_000,
                            elem_id="url",
                            type="text",
                        )
                        add_page = gr.Button(i18n("add page"), size="sm", elem_id="add-page")
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
    with gr.Row(elem_id="unseen"):  # the page's script reaches the handlers through these
        cited = gr.Textbox(elem_id="cited", show_label=False, container=False)
        cite = gr.Button("cite", elem_id="cite")
    return Components(
        head=head,
        talk=gr.BrowserState({}, storage_key=f"{_STORED}-talk", secret=_KEY),
        saved=gr.BrowserState({}, storage_key=f"{_STORED}-saved", secret=_KEY),
        messages=messages, question=question, asked=gr.Textbox(visible=False), examples=examples,
        new=new,
        save_markdown=save_markdown, save_page=save_page, download=gr.JSON(visible=False),
        earlier=earlier, forget=forget, chosen=chosen,
        languages=languages, since=since, until=until, source=source, left=left,
        where=gr.JSON(visible=False),
        file=file, text=text, title=title, add_text=add_text, url=url, add_page=add_page,
        status=status, removable=removable, remove=remove, show=show, panel=panel,
        cited=cited, cite=cite,
    )  # fmt: skip
