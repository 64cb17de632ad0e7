"""What a browser prints as PDF is read as it was written: lines, hyphens, right-to-left text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from index.readers import READERS

ARABIC = [
    "افتتح رئيس البلدية أمس الجسر الجديد فوق النهر، وبلغت كلفته 25 مليون درهم (نحو 7.5 ملايين "
    "دولار) بعد عامين من العمل المتواصل الذي شاركت فيه شركة Blue Door و120 عاملا.",
    "وقال المهندس سامي العلي: «سيخفف الجسر الازدحام»، مضيفا أن السيارات ستعبره ابتداء من يوم "
    "الاثنين 3 مايو 2024 من دون رسوم.",
]
HEBREW = [
    "ראש העיר פתח אתמול את הגשר החדש מעל הנהר, שעלותו 25 מיליון שקלים, לאחר שנתיים של עבודה שבה "
    "השתתפו 120 פועלים.",
]
ENGLISH = [
    "The mayor opened the new bridge over the river on Monday after two years of building; it cost "
    "5 million crowns, which the region paid, and carries sixty-four trucks an hour.",
    "“Nobody was hurt,” she said. The municipality owns it and keeps it in repair for twenty "
    "years.",
]


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize(
    ("language", "direction", "paragraphs"),
    [("ar", "rtl", ARABIC), ("he", "rtl", HEBREW), ("en", "ltr", ENGLISH)],
)
def test_a_printed_page(
    browser: Browser, language: str, direction: str, paragraphs: list[str], columns: int
) -> None:
    body = "".join(f"<p>{text}</p>" for text in paragraphs * columns)
    page = browser.new_page()
    page.set_content(
        f'<html lang="{language}" dir="{direction}"><title>X</title><body style="font-size: 14px; '
        f'columns: {columns}; hyphens: none; text-align: justify">{body}</body></html>'
    )
    data = page.pdf(format="A5", display_header_footer=columns == 1)
    page.close()
    assert READERS[".pdf"](data).text.split("\n\n") == paragraphs * columns
