"""Bytes become the right text, and the text becomes the same bytes again."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cleaner.errors import ReadError, UsageError
from cleaner.readers.encoding import PART_BYTES, decode, encode, is_utf8

GERMAN = "Die Straße über die Brücke wird für größere Fahrzeuge wieder geöffnet.\n"
FRENCH = "Le maire a déclaré que l'été serait très chaud à l'intérieur de la forêt.\n"
ICELANDIC = "Bæjarstjórinn sagði að brúin yrði opnuð aftur í vor fyrir alla íbúa þorpsins.\n"
TURKISH = "Belediye başkanı köprünün ilkbaharda yeniden açılacağını söyledi, halk çok sevindi.\n"
RUSSIAN = "Мэр заявил, что мост снова откроют весной для всех жителей города.\n"
POLISH = "Burmistrz powiedział, że most będzie znów otwarty wiosną, jeśli środki się znajdą.\n"
GREEK = "Ο δήμαρχος είπε ότι η γέφυρα θα ανοίξει ξανά την άνοιξη για όλους.\n"
ARABIC = "قال رئيس البلدية إن الجسر سيفتح من جديد في الربيع أمام الجميع.\n"
JAPANESE = "市長は、橋は春に再び開通すると述べた。住民は喜んでいる。\n"
CHINESE = "市长表示，大桥将于春季重新开放，居民们对此感到高兴。\n"
KOREAN = "시장은 다리가 봄에 다시 개통될 것이라고 말했다.\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (ICELANDIC, "cp1252"),
        (TURKISH, "cp1254"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (GREEK, "cp1253"),
        (ARABIC, "cp1256"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (CHINESE, "big5"),
        (KOREAN, "cp949"),
    ],
)
@pytest.mark.parametrize("copies", [2, 500])
def test_old_encodings_are_guessed(text: str, name: str, copies: int) -> None:
    if name == "big5":
        text = text.translate(str.maketrans("长桥将于重开们对兴", "長橋將於重開們對興"))
    data = (text * copies).encode(name)
    found = decode(data)
    assert found.text == text * copies
    assert encode(found) == data


@pytest.mark.parametrize("bom_and_name", [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("utf-32", "utf-32-le")])
def test_a_byte_order_mark_decides_and_is_kept_apart(bom_and_name: tuple[str, str]) -> None:
    label, name = bom_and_name
    data = GERMAN.encode(label)
    found = decode(data, declared="cp1251")
    assert (found.text, found.encoding, encode(found)) == (GERMAN, name, data)
    assert found.bom


def test_only_the_first_mark_is_one() -> None:
    found = decode(codecs.BOM_UTF8 * 2 + b"x")
    assert (found.text, found.bom) == ("\ufeffx", codecs.BOM_UTF8)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_is_seen(name: str) -> None:
    data = "The bridge will open again.\n".encode(name)
    assert decode(data).encoding == name
    assert encode(decode(data)) == data


def test_valid_utf8_beats_every_claim() -> None:
    for text in ("Family: 👨‍👩‍👧 says ok", "ü", "ไทย", "Ã¼"):
        for declared in ("iso-8859-11", "latin-1", "shift_jis", "iso-2022-jp", None):
            found = decode(text.encode(), declared=declared)
            assert (found.text, *found[1:]) == (text, "utf-8", b"", (), None)
            assert encode(found) == text.encode()


@given(
    st.lists(st.sampled_from(["a" * 50, "\u00fc", "\u20ac", "\U0001f600", b"\x80", b"\xe2\x82", b"\xf0\x9f"])),
    st.integers(0, 3),
)
def test_utf8_is_told_in_parts_as_in_one(pieces: list[str | bytes], before: int) -> None:
    data = b"x" * (PART_BYTES - 2 + before) + b"".join(one.encode() if isinstance(one, str) else one for one in pieces)
    try:
        expected = bool(data.decode() or True)
    except UnicodeDecodeError:
        expected = False
    assert is_utf8(data) == expected
    assert encode(decode(data)) == data


def test_utf8_with_some_broken_bytes_is_utf8() -> None:
    data = GERMAN.encode() * 3 + b"caf\xe9 \xf0\x9f\x98 end \xef\xbf\xbd \xff\xfe"
    found = decode(data, declared="cp1252")
    assert found.encoding == "utf-8"
    assert found.text.endswith("caf\ufffd \ufffd end \ufffd \ufffd")
    assert found.patches == ((0, b"\xe9"), (1, b"\xf0\x9f\x98"), (3, b"\xff\xfe"))
    assert encode(found) == data


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("windows-1254", "Şişli'de görüşme"),
        ("ISO-8859-1", "“Café” – naïve"),
        ("gb2312", CHINESE),
        ('"koi8-r"', RUSSIAN),
    ],
)
def test_a_claim_beats_a_guess(declared: str, text: str) -> None:
    means = {"ISO-8859-1": "cp1252", "gb2312": "gb18030"}.get(declared, declared.strip('"'))
    assert decode(text.encode(means), declared=declared).text == text


def test_a_long_line_is_guessed_by_what_is_not_ascii_in_it() -> None:
    data = b"a word " * 150_000 + (RUSSIAN * 5).replace("\n", " ").encode("cp1251")
    found = decode(data)
    assert found.encoding == "cp1251"
    assert encode(found) == data


def test_a_false_claim_is_not_believed() -> None:
    assert decode((RUSSIAN * 5).encode("cp1251"), declared="shift_jis").text == RUSSIAN * 5
    assert decode((RUSSIAN * 5).encode("cp1251"), declared="no-such-code").text == RUSSIAN * 5


def test_seven_bit_japanese_is_read_when_declared() -> None:
    data = JAPANESE.encode("iso2022_jp")
    assert decode(data, declared="ISO-2022-JP").text == JAPANESE
    assert decode(data).text == data.decode("ascii")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("latin-1", "iso8859-1"),
        ("UTF8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("cp1252", "cp1252"),
    ],
)
def test_a_forced_encoding_is_taken_as_it_is(label: str, name: str) -> None:
    data = "naïve".encode("utf-8" if "8" in label and "utf" in label.lower() else "cp1252")
    found = decode(data, encoding=label)
    assert found.encoding == name
    assert encode(found) == data


def test_a_forced_encoding_reads_what_is_no_text() -> None:
    data = bytes(range(256))
    assert decode(data, encoding="latin-1").text == data.decode("latin-1")
    assert encode(decode(data, encoding="utf-8")) == data


def test_a_forced_encoding_takes_its_own_mark() -> None:
    data = "naïve".encode("utf-16")
    assert decode(data, encoding="utf-16").text == "naïve"
    assert decode(b"\xfe\xff\x00a", encoding="utf-16").text == "a"


@pytest.mark.parametrize(
    ("label", "hint"),
    [("utf-9", "utf_8"), ("base64", "is needed|did you mean"), ("rot13", ""), ("punycode", ""), ("idna", ""), ("", "")],
)
def test_an_encoding_that_does_not_exist_is_said(label: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f'"{label}" does not exist.*({hint})'):
        decode(b"x", encoding=label)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG image"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "unpack it first"),
        (b"PK\x03\x04\x14\x00\x00\x00", "a ZIP archive"),
        (bytes(range(256)) * 20, "control characters"),
        (b"\x00" * 100, "control characters"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        decode(data)


def test_a_few_controls_are_text() -> None:
    for data in (b"One\x00 page with a NUL and more words in it.", b"\x1b[31mred\x1b[0m\n", b"\x0c", b"", b" \n"):
        assert decode(data).text == data.decode()


ANY_ENCODING = st.sampled_from(
    [
        *(None, "utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7", "latin-1", "cp1252", "cp932", "big5", "gb18030"),
        *("euc_jp", "iso2022_jp", "hz", "euc_kr", "koi8-r", "ascii", "cp437", "cp037", "big5hkscs", "johab"),
        *("iso2022_kr", "raw_unicode_escape"),
    ]
)


@given(st.binary(max_size=80), ANY_ENCODING)
@settings(max_examples=800)
@example(b"\xff\xfe\x00\x00", None)
@example(b"\xff\xfe\x00", "utf-16")
@example(b"+2AA-", "utf-7")
@example(b"a\xff\xef\xbf\xbd", None)
@example(b"\x1b(B\x1b(B", "iso2022_jp")
def test_every_byte_comes_back(data: bytes, name: str | None) -> None:
    try:
        found = decode(data, encoding=name)
    except ReadError:
        assert name is None
        return
    assert encode(found) == data
    found.text.encode("utf-8")  # no lone surrogates


@given(st.text(max_size=60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_reads_as_it_was_written(text: str, name: str) -> None:
    assume(not (name == "utf-16" and text.startswith("\0")))  # FF FE 00 00: so begins UTF-32
    try:
        assert decode(text.encode(name)).text == text.removeprefix("\ufeff" if name == "utf-8" else "")
    except ReadError:
        assert any(char < " " or char == "\x7f" for char in text)
