"""Mail: what the sender wrote comes first; subtitles: cues are sentences, and keep their time."""

from email.message import EmailMessage

import pytest

from index.articles import article_of_bytes
from index.errors import ArticleError
from index.readers import READERS
from index.readers.base import Locator


def message(text="", html="", subject="Réunion du comité", **headers):
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = '"Ada Boe" <ada@example.org>'
    made["Date"] = "Mon, 06 May 2024 22:30:00 -0700"
    for name, value in headers.items():
        made[name] = value
    if text:
        made.set_content(text, cte="quoted-printable")
    if html and text:
        made.add_alternative(html, subtype="html")
    elif html:
        made.set_content(html, subtype="html", cte="base64")
    return made


def test_a_plain_message():
    text = (
        "Dear all,\n\nthe committee meets on Friday at nine in the small hall of the town\n"
        "house; bring the plans.\n\n> Tom wrote:\n> Is it on Monday?\n\nAda\n-- \nThe Town\n"
    )
    content = READERS[".eml"](message(text).as_bytes())
    assert (content.title, content.byline, content.date) == (
        "Réunion du comité", "Ada Boe", "2024-05-06",
    )  # fmt: skip
    assert content.text == (
        "Réunion du comité\n\nDear all,\n\nthe committee meets on Friday at nine in the small hall "
        "of the town house; bring the plans.\n\nAda\n\n> Tom wrote:\n> Is it on Monday?"
    )


def test_a_message_in_html_alone():
    html = (
        "<p>The rent is <b>9,200</b> crowns.</p><blockquote><p>Is it 8,000?</p></blockquote>"
        "<ul><li>Desks</li></ul>"
    )
    content = READERS[".eml"](message(html=html).as_bytes())
    assert content.text.split("\n\n")[1:] == [
        "The rent is 9,200 crowns.",
        "Desks",
        "> Is it 8,000?",
    ]


@pytest.mark.parametrize(
    "earlier",
    [
        "On 4 March 2024, Tom Dahl <t@example.org> wrote:\n> Is the rent 8,000?",
        "Le 4 mars 2024, Tom Dahl a écrit :\n\n> Is the rent 8,000?",
        "-----Original Message-----\nFrom: Tom\nSubject: Rent\n\nIs the rent 8,000?",
        "----- Исходное сообщение -----\nОт: Tom\n\nIs the rent 8,000?",
        "________________________________\nFrom: Tom\nSent: Monday\n\nIs the rent 8,000?",
    ],
)
def test_an_earlier_message_is_quoted_however_a_program_marks_it(earlier):
    lines = READERS[".eml"](message(f"The rent is 9,200.\n\nAda\n\n{earlier}\n").as_bytes())
    own, _, quoted = lines.text.partition("\n\n>")
    assert own == "Réunion du comité\n\nThe rent is 9,200.\n\nAda"
    assert "Is the rent 8,000?" in quoted
    assert all(line.startswith(">") for line in f">{quoted}".split("\n") if line.strip())


def test_flowed_lines_are_joined_and_odd_bytes_read():
    head = b"From: a@example.org\nSubject: x\n"
    head += b"Content-Type: text/plain; charset=utf-8; format=flowed\n\n"
    body = "so please \npack your desks \nby noon; die Miete beträgt 900 €.\n\nAda"
    text = READERS[".eml"](head + body.encode("cp1252")).text
    assert "so please pack your desks by noon; die Miete beträgt 900 €." in text


def test_texts_around_a_picture_are_all_read():
    made = EmailMessage()
    made["From"], made["Subject"] = "a@example.org", "x"
    made.make_mixed()
    for number, text in enumerate(("The rent is 900.", "It rises in May.")):
        part = EmailMessage()
        part.set_content(text)
        made.attach(part)
        if not number:
            picture = EmailMessage()
            picture.set_content(b"x", maintype="image", subtype="png", disposition="inline")
            made.attach(picture)
    content = READERS[".eml"](made.as_bytes())
    assert content.text.split("\n\n")[1:] == ["The rent is 900.", "It rises in May."]


def test_attachments_are_noted():
    made = message("See the plan.")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    assert READERS[".eml"](made.as_bytes()).notes == ("1 attachment not read: plan.pdf",)


def test_a_message_in_an_encoding_that_is_not_named():
    head = b"From: a@example.org\nSubject: x\nContent-Type: text/plain; charset=nonsense\n\n"
    text = "Мэр города открыл вчера новый мост через реку."
    assert text in READERS[".eml"](head + text.encode("cp1251")).text


def test_a_message_without_text_is_refused():
    with pytest.raises(ArticleError, match="no text in this message"):
        READERS[".eml"](b"From: a@example.org\nSubject: x\n\n")


SRT = """1
00:00:01,000 --> 00:00:03,500
<i>The mayor opened</i>
the bridge on Monday,

2
00:00:03,600 --> 00:00:05,000
and {\\an8}nobody was hurt.

3
01:02:20,000 --> 01:02:22,000
It cost 1,000 crowns.
"""


def test_cues_are_joined_to_sentences_and_keep_their_times():
    content = READERS[".srt"](SRT.replace("\n", "\r\n").encode())
    assert content.text == (
        "The mayor opened the bridge on Monday, and nobody was hurt.\n\nIt cost 1,000 crowns."
    )
    assert content.locators == (
        Locator(0, "time", "0:01"), Locator(39, "time", "0:03"), Locator(61, "time", "1:02:20"),
    )  # fmt: skip
    assert content.text[39:].startswith("and nobody")
    article = article_of_bytes(SRT.encode(), READERS[".srt"], "a.srt")
    assert article.locator(45) == Locator(39, "time", "0:03")


VTT = """WEBVTT - talk

STYLE
::cue { color: red }

NOTE made by hand

first
00:01.000 --> 00:03.000 line:0
<v Ada>Good evening.</v>

00:03.000 --> 00:05.000
<v Tom>Q&amp;A comes next.</v>
"""


def test_speakers_and_notes_of_webvtt():
    assert READERS[".vtt"](VTT.encode()).text == "Ada: Good evening. Tom: Q&A comes next."


def test_rolling_captions_are_read_once():
    lines = ["the mayor opened", "the bridge on monday", "and nobody was hurt"]
    cues, clock = ["WEBVTT\n"], 0
    for before, line in zip(["", *lines], lines, strict=False):
        words = "".join(f"<00:00:0{clock}.500><c> {word}</c>" for word in line.split())
        for text in (f"{before}\n{words}", line):
            cues.append(f"00:00:0{clock}.000 --> 00:00:0{clock + 1}.000\n{text}\n")
            clock += 1
    assert READERS[".vtt"]("\n".join(cues).encode()).text == " ".join(lines)


def test_captions_that_grow_by_words_are_read_once():
    cues = ["We", "We have", "We have seen", "the bridge."]
    lines = [f"00:0{n}.000 --> 00:0{n + 1}.000\n{text}\n" for n, text in enumerate(cues)]
    assert (
        READERS[".vtt"](("WEBVTT\n\n" + "\n".join(lines)).encode()).text
        == "We have seen the bridge."
    )


def test_descriptions_of_sounds_are_left_out_and_counted():
    data = (
        "1\n00:00:01,000 --> 00:00:03,000\nThe train leaves\n\n"
        "2\n00:00:03,500 --> 00:00:04,000\n<i>(engine slows)</i>\n\n"
        "3\n00:00:04,500 --> 00:00:06,000\n- [DOOR SLAMS]\nat nine (or so).\n\n"
        "4\n00:00:07,000 --> 00:00:09,000\n♪ Home again ♪\n\n"
        "5\n00:00:10,000 --> 00:00:11,000\n(He was wrong.)\n"
    )
    content = READERS[".srt"](data.encode())
    assert content.text == "The train leaves at nine (or so). Home again (He was wrong.)"
    assert content.notes == ("2 descriptions of sounds",)


def test_subtitles_are_known_by_their_look():
    assert READERS[".txt"](SRT.encode()).text.startswith("The mayor opened the bridge")
    prose = "The code uses a --> b for arrows.\n\nIt was 00:01:02.000 then."
    assert READERS[".txt"](prose.encode()).text == prose


def test_subtitles_without_cues_are_refused():
    with pytest.raises(ArticleError, match="no subtitles in it"):
        READERS[".vtt"](b"WEBVTT\n\n")


ANDROID = (
    "12/05/2024, 10:15 - Ada Boe: The rent is 900 crowns.\n12/05/2024, 10:16 - Tom: Since when?\n"
    "12/05/2024, 10:17 - Tom added Bo\n12/05/2024, 10:18 - Bo: <Media omitted>\n"
    "12/05/2024, 10:20 - Ada Boe: Since March.\nIt was 800 before.\n"
)
IPHONE = (
    "[12.05.24, 10:15:07] Ada Boe: The rent is 900 crowns.\r\n[12.05.24, 10:16:01] Tom: Since when?"
    "\r\n[12.05.24, 10:20:00] Ada Boe: Since March.\r\nIt was 800 before."
)
CHATS = {ANDROID: "12/05/2024, 10:20, Ada Boe", IPHONE: "12.05.24, 10:20:00, Ada Boe"}


@pytest.mark.parametrize("text", CHATS)
def test_who_and_when_of_a_chat_are_its_places(text):
    content = READERS[".txt"](text.encode())
    assert content.text == (
        "The rent is 900 crowns.\n\nSince when?\n\nSince March.\nIt was 800 before."
    )
    assert content.locators[2] == Locator(38, "time", CHATS[text])


def test_a_text_with_a_few_times_is_no_chat():
    text = (
        "Programme\n\n10:15 Ada: opening\n11:00 Tom: bridges\n\nLunch is at noon in the hall.\n" * 2
    )
    text += "The hall is open from nine.\n" * 6
    assert READERS[".txt"](text.encode()).text == text


def test_a_newsletter_whose_plain_part_says_nothing_is_read_in_html():
    story = "<p>The ferry company published its timetable for the winter on Tuesday.</p>"
    letter = message("Read it in your browser: https://a.example/x", f"<h1>Boats</h1>{story * 3}")
    content = READERS[".eml"](letter.as_bytes())
    assert "timetable for the winter" in content.text
    assert "in your browser" not in content.text
    both = message("The ferry sails at nine in the evening.", "<p>The ferry sails at nine.</p>")
    assert "at nine in the evening" in READERS[".eml"](both.as_bytes()).text


@pytest.mark.parametrize("mark", ["Re: ", "AW: Re: ", "رد: ", "Fwd: ", "RE[2]: "])
def test_marks_of_answers_are_no_part_of_a_subject(mark):
    letter = message("The ferry sails at nine.", subject=f"{mark}Winter boats")
    assert READERS[".eml"](letter.as_bytes()).title == "Winter boats"
    assert READERS[".eml"](message("It sails.", subject="Return: boats").as_bytes()).title == (
        "Return: boats"
    )
