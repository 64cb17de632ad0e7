"""E-mail (.eml), by the standard library: subject, sender, day, and the text of the message."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses

import regex

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content
from index.readers.dates import day_of
from index.readers.encodings import decode
from index.readers.markup import parse_fragment, read_blocks

_WRAPPED = 60  # characters of a line that its writer did not end
_SIGNATURE = regex.compile(r"^-- ?$", regex.M)
# What programs write above the message that they answer: "-----Original Message-----", a rule and
# "From:", and "On 4 March Tom wrote:" before marked lines.
_EARLIER = regex.compile(
    r"^(?:-{2,}[ ]?(?:original message|message d.origine|ursprüngliche nachricht|mensaje original"
    r"|исходное сообщение|الرسالة الأصلية|forwarded message)[ ]?-{2,}[ \t]*"
    r"|_{8,}[ \t]*\n(?=(?:from|de|von|от|من)\s?:))",
    regex.I | regex.M,
)
_WROTE = regex.compile(r"^(?!>)([^\n]{5,160}:)[ \t]*\n(?:[ \t]*\n)?(?=>)", regex.M)
_REPLY = regex.compile(  # what mail programs put before the subject of an answer
    r"^(?:(?:re|fwd?|aw|wg|tr|rv|réf?|ynt|ilt|отв|пер|رد|إعادة توجيه)\s*(?:\[\d+\])?\s*:\s*)+",
    regex.I,
)
_LIST_ITEM = regex.compile(r"^\s*(?:[-*•–]|\d+[.)])\s")


def read_mail(data: bytes) -> Content:
    """Read a message: its text comes first, then what it quotes of others."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        assert isinstance(message, EmailMessage)
        subject = _REPLY.sub("", _header(message, "Subject"))
        own, quoted = _own_and_quoted(_body(message))
        notes = tuple(_notes(message))
        sender, day = _sender(message), day_of(_header(message, "Date"))
    except PARSER_ERRORS as error:
        raise ArticleError(f"this message is damaged ({error})") from error
    paragraphs = [subject, *own, *quoted]
    if not any(map(str.strip, (*own, *quoted))):
        raise ArticleError("there is no text in this message")
    return Content(subject, "\n\n".join(filter(str.strip, paragraphs)), sender, day, notes=notes)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except PARSER_ERRORS:  # one that the standard does not allow
        return ""


def _sender(message: EmailMessage) -> str:
    return next((name or address for name, address in getaddresses([_header(message, "From")])), "")


def _body(message: EmailMessage) -> list[str]:
    """Return the paragraphs of the plain parts, or else those of the HTML one."""
    plain = [part for part in _text_parts(message) if part.get_content_type() == "text/plain"]
    paragraphs = [text for part in plain for text in _paragraphs(_unflowed(part))]
    written = _html_body(message)
    # A newsletter's plain part may say no more than where to read it.
    is_stub = 3 * sum(map(len, paragraphs)) < sum(map(len, written))
    return written if is_stub else paragraphs


def _html_body(message: EmailMessage) -> list[str]:
    """Return the paragraphs of the HTML part, those that it quotes with a mark."""
    page = message.get_body(("html",))
    if page is None or not (source := _text(page)).strip():
        return []
    tree = parse_fragment(source)
    for quote in list(tree.iter("blockquote")):
        for paragraph in read_blocks(quote).texts:
            element = quote.makeelement("p", {})
            element.text = "> " + paragraph
            quote.addprevious(element)
        quote.drop_tree()
    return read_blocks(tree).texts


def _text_parts(message: EmailMessage) -> list[MIMEPart]:
    """Return the parts that a mail program shows as text, in their order."""
    body = message.get_body(("plain",))
    if message.get_content_type() != "multipart/mixed":
        return [] if body is None else [body]
    shown = [part for part in message.iter_parts() if not part.is_attachment()]
    texts = [part for part in shown if part.get_content_type() == "text/plain"]
    return ([body] if body is not None and body not in texts else []) + texts


def _text(part: MIMEPart) -> str:
    """Return the text of a part; in another encoding than it says, if it is not in that one."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeError):
        return decode(raw)[0] if raw else ""


def _unflowed(part: MIMEPart) -> str:
    """Return a part's text, with lines that end with a space joined where it says so (RFC 3676)."""
    text = _text(part).replace("\r\n", "\n")
    is_flowed = str(part.get_param("format", "")).lower() == "flowed"
    return regex.sub(r"(?<!\n--) \n(?![>\n])", " ", text) if is_flowed else text


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs, their lines joined where the mail program broke them."""
    text = text.replace("\r\n", "\n")
    own, earlier = _split_at_earlier_message(text)
    signature = _SIGNATURE.search(own)
    body = (own[: signature.start()] if signature else own) + earlier
    for block in regex.split(r"\n[ \t]*\n", body):
        joined = ""
        for line in block.split("\n"):
            quoted = line.lstrip().startswith(">")
            flowing = len(joined.rsplit("\n", 1)[-1]) > _WRAPPED and not _LIST_ITEM.match(line)
            same = quoted == joined.rsplit("\n", 1)[-1].startswith(">")
            if joined and flowing and same:
                joined += " " + line.lstrip("> ").strip()
            else:
                joined += ("\n" if joined else "") + line.strip()
        if joined.strip():
            yield joined.strip("\n")


def _split_at_earlier_message(text: str) -> tuple[str, str]:
    """Return what stands above an earlier message that has no marks, and that with marks."""
    text = _WROTE.sub(r"> \1\n", text)
    found = _EARLIER.search(text)
    if found is None:
        return text, ""
    lines = text[found.start() :].split("\n")
    marked = (f"> {line}" if line.strip() and not line.startswith(">") else line for line in lines)
    return text[: found.start()], "\n\n" + "\n".join(marked)


def _own_and_quoted(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """Return what the sender wrote, and what is quoted, with its marks."""
    own, quoted = [], []
    for paragraph in paragraphs:
        lines = paragraph.split("\n")
        mine = [line for line in lines if not line.startswith(">")]
        other = [line for line in lines if line.startswith(">")]
        if any(map(str.strip, mine)):
            own.append("\n".join(mine))
        if other:
            quoted.append("\n".join(other))
    return own, quoted


def _notes(message: EmailMessage) -> Iterator[str]:
    read = {id(part) for part in _text_parts(message)}
    others = [part for part in message.iter_attachments() if id(part) not in read]
    names = [part.get_filename() or part.get_content_type() for part in others]
    if names:
        what = "1 attachment" if len(names) == 1 else f"{len(names)} attachments"
        yield f"{what} not read: {', '.join(names[:5])}"
