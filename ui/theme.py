"""The page's theme: Gradio's base with the colours, type and radii of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

_FONTS = ("system-ui", "Segoe UI", "Noto Sans", "Noto Naskh Arabic", "Geeza Pro", "sans-serif")


def theme() -> gr.themes.Base:
    """Return the theme; a dark colour follows each light one."""
    import gradio as gr

    return gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=_FONTS, radius_size="md", text_size="md"
    ).set(
        body_background_fill="#faf9f7", body_background_fill_dark="#141312",
        body_text_color="#1c1917", body_text_color_dark="#f3f0eb",
        body_text_color_subdued="#5b564f", body_text_color_subdued_dark="#b8b1a6",
        input_placeholder_color="#5b564f", input_placeholder_color_dark="#b8b1a6",
        background_fill_primary="#ffffff", background_fill_primary_dark="#1d1b19",
        block_background_fill="#ffffff", block_background_fill_dark="#1d1b19",
        border_color_primary="#e5e0d8", border_color_primary_dark="#38342f",
        color_accent="#0f766e", color_accent_soft="#e6f1ef", color_accent_soft_dark="#1f3330",
        button_primary_background_fill="#0f766e", button_primary_background_fill_dark="#0f766e",
        block_border_width="0px",
    )  # fmt: skip
