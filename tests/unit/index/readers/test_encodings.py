"""Text in the encodings that newspapers, agencies and old programs write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArticleError
from index.readers.encodings import decode

TEXTS = {
    "ar": "افتتح رئيس البلدية أمس الجسر الجديد فوق النهر، وحضر الحفل عدد كبير من السكان.",
    "ru": "Мэр города открыл вчера новый мост через реку, построенный за два года.",
    "fr": "Le maire a inauguré hier le nouveau pont ; les élèves de l'école étaient là.",
    "de": "Der Bürgermeister hat gestern die neue Brücke eröffnet; sie kostete fünf Millionen.",
    "es": "El alcalde inauguró ayer el puente más largo de la región; costó cinco millones.",
    "tr": "Belediye başkanı dün köprüyü açtı; yapımı iki yıl sürdü ve çok pahalıydı.",
    "zh": "市长昨天为河上的新桥剪彩，这座桥花了两年时间建成，许多居民到场。",
    "en": "The mayor’s “new” bridge – opened yesterday – cost £5 million at the café’s door.",
    "he": "ראש העיר חנך אתמול את הגשר החדש מעל הנהר, ותושבים רבים השתתפו בטקס.",
    "ja": "市長は昨日、川に架かる新しい橋の開通式に出席した。橋の建設には二年かかった。",
    "th": "นายกเทศมนตรีเปิดสะพานใหม่ข้ามแม่น้ำเมื่อวานนี้ ใช้เวลาก่อสร้างสองปี",
    "ko": "시장은 어제 강 위에 새 다리를 개통했다. 다리를 짓는 데 이 년이 걸렸다.",
    "el": "Ο δήμαρχος εγκαινίασε χθες τη νέα γέφυρα πάνω από το ποτάμι, μετά από δύο χρόνια.",
    "sv": "Borgmästaren invigde i går den nya bron över ån; den kostade fem miljoner.",
    "pl": "Burmistrz otworzył wczoraj nowy most; mieszkańcy czekali na niego dwa lata, mówiąc źle.",
}
ENCODINGS = {
    "ar": ["cp1256", "iso8859-6", "utf-16-le", "utf-16-be"],
    "ru": ["cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic", "utf-16-le"],
    "fr": ["cp1252", "mac-roman", "cp850", "utf-16-be"],
    "de": ["cp1252", "mac-roman", "cp850", "utf-16-le"],
    "es": ["cp1252", "mac-roman"],
    "tr": ["cp1254"],
    "zh": ["gb18030", "utf-16-le"],
    "en": ["cp1252", "mac-roman"],
    "he": ["cp1255", "iso8859-8"],
    "ja": ["shift_jis", "euc-jp", "iso2022_jp"],
    "th": ["cp874"],
    "ko": ["euc-kr"],
    "el": ["cp1253"],
    "sv": ["cp1252", "mac-roman", "cp850"],
    "pl": ["cp1250"],
}


@pytest.mark.parametrize("language", ENCODINGS)
@pytest.mark.parametrize("times", [1, 4])
def test_an_encoding_is_recognised_by_the_text(language: str, times: int) -> None:
    text = "\n".join([TEXTS[language]] * times)
    for encoding in ENCODINGS[language]:
        assert decode(text.encode(encoding)) == (text, ()), encoding


def test_a_bad_byte_is_replaced_and_counted() -> None:
    data = TEXTS["ar"].encode()
    text, notes = decode(data[:31] + data[32:])
    assert text.count("\ufffd") in (1, 2)
    assert text.endswith(TEXTS["ar"][-40:])
    assert notes[0].endswith("could not be read and shows as \ufffd") or "characters" in notes[0]


def test_latin_bytes_in_a_file_of_utf8_are_letters() -> None:
    text, notes = decode(TEXTS["fr"].encode() + b"\n" + TEXTS["fr"].encode("cp1252"))
    assert text == TEXTS["fr"] + "\n" + TEXTS["fr"]
    assert notes == ()


def test_a_line_in_another_encoding_does_not_lose_the_file() -> None:
    text, notes = decode((TEXTS["ru"] + "\n").encode() * 3 + TEXTS["ru"].encode("cp1251"))
    assert text.count(TEXTS["ru"]) == 3
    assert len(notes) == 1


def test_what_a_text_says_of_its_encoding_counts() -> None:
    data = b"-*- coding: iso8859-2 -*-\n" + "Łódź".encode("iso8859-2")
    assert decode(data)[0].endswith("Łódź")


def test_one_letter_beyond_ascii_is_enough() -> None:
    text = "Die Gruppe teilte außerdem mit, dass der Weg am Montag gesperrt wird."
    for encoding in ("cp1252", "cp850", "mac-roman"):
        assert decode(text.encode(encoding)) == (text, ()), encoding


def test_chinese_with_latin_words_is_read_as_utf16() -> None:
    text = "Baton Rouge 警察局表示，Dyteon Simpson（20岁）因受二级谋杀罪指控被捕。"
    assert decode(text.encode("utf-16-le")) == (text, ())


@pytest.mark.parametrize(
    "data", [bytes(range(32)) * 30, b"\0\1\2\3" * 100, b"\x7fELF\x02\x01\x01" + b"\0" * 90]
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(ArticleError, match="binary data|known encoding"):
        decode(data)


@given(st.text(min_size=1).filter(lambda text: not any(c < " " or c == "\ufeff" for c in text)))
def test_utf8_stays_as_it_is(text: str) -> None:
    assert decode(text.encode()) == (text, ())
