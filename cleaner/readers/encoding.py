"""Bytes to text and back, byte for byte: byte order marks, UTF-8, declared and guessed encodings.

This room knows bytes, and of languages their common words; what a page is it does not know.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cleaner.errors import ReadError, UsageError
from cleaner.phrases import LazyPattern, languages, pack

if TYPE_CHECKING:
    from charset_normalizer.models import CharsetMatch

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"PK\x03\x04", "a ZIP archive (or an office document)"),
    (b"\x1f\x8b\x08", "gzip data; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd data; unpack it first"),
    (b"BZh91AY&SY", "bzip2 data; unpack it first"),
    (b"\xfd7zXZ\x00", "xz data; unpack it first"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1\0\0", "an Arrow file"),
    (b"\xff\xff\xff\xff", "an Arrow stream"),
)
# What the web means by these names; a superset of each, so that nothing is read worse.
MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
GUESSED = [
    *("cp1252", "cp1250", "cp1251", "koi8_r", "koi8_u", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp874", "iso8859_2", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp866", "mac_cyrillic"),
]
STATEFUL = ("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr", "hz")
CYRILLIC_CODES = ("cp1251", "koi8_r", "koi8_u", "cp866", "mac_cyrillic")  # Greek becomes capitals in some of these
# Letters of no common language: Turkish shows as Icelandic, Romanian or Croatian with the French and German ones.
NEVER_TOGETHER = {"cp1252": ("\xfe\xf0\xfd", "\xe7\xfc"), "cp1250": ("\u0163\u0111", "\xe7\xfc")}

SAMPLE_BYTES = 16_384
PART_BYTES = 4_096  # that are looked at at once
GUESS_BYTES = 12_000  # of lines that are not ASCII: enough for statistics, and 20 ms
BINARY_SHARE = 0.05  # of control bytes in the sample; prose has none, random bytes over 10 %
WIDE_NUL_SHARE = 0.2  # of NULs above which UTF-16 and UTF-32 without a mark are tried
UTF8_SEQUENCES_A_BREAK = 3  # Chinese GBK read as UTF-8 has fewer than one
DECLARED_BREAKS = 0.02  # of the characters; with more of them the declaration is wrong

WIDE_CODES = ("cp932", "euc_jp", "gb18030", "big5", "cp949")  # noise is seldom valid in these

_NOT_ASCII = re.compile("[^\x00-\x7f]")
_ODD = LazyPattern(
    "[\x80-\x9f\ue000-\uf8ff\u2500-\u257f\uff61-\uff9f\u3131-\u318e\u0e3f]"  # controls, boxes, half forms, bare jamo
    "|(?<=[^\\W\\d_])[\xa1-\xa9\xac\xaf-\xb6\xb8\xb9\xbc-\xbf\xd7\xf7]"  # a symbol that ends a word
    "|(?<=[a-z\xdf-\xff\u0430-\u045f\u03ac-\u03ce])[\xc0-\xde\u0400-\u042f\u0386-\u03ab]"  # a capital within one
    "|(?<=[A-Za-z])[\u0370-\u1fff\u2e80-\uffdc]|[\u0370-\u1fff\u2e80-\uffdc](?=[A-Za-z])"  # two scripts in one
    "|(?<=[\uac00-\ud7a3])[\u3040-\u9fff]|(?<=[\u3040-\u9fff])[\uac00-\ud7a3]"
    "|(?<=[\u0e40-\u0e44])[^\u0e01-\u0e2e]|(?<![\u0e01-\u0e2e\u0e31-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
    "|(?<=[\u0e01-\u0e2e])[\u0e50-\u0e59]"
)
_HIRAGANA = LazyPattern("[\u3041-\u3096]")
_CYRILLIC_CAPITAL, _CYRILLIC_SMALL = re.compile("[\u0410-\u042f]"), re.compile("[\u0430-\u044f]")
_CONTROLS = bytes(code for code in range(32) if code not in b"\b\t\n\v\f\r\x1b") + b"\x7f"
_SURROGATE = re.compile("[\ud800-\udfff]")  # UTF-7 can spell half of a pair
_ASCII = bytes(range(128))
_BROKEN = re.compile("[\udc00-\udcff]+")
_REPLACED = re.compile("\ufffd|[\udc00-\udcff]+")
_NOT_ASCII_BYTE = re.compile(rb"[\x80-\xff]")


class Decoded(NamedTuple):
    """The text of some bytes, and all that is needed to get the same bytes from it again.

    ``source`` is the text, or the bytes themselves where they are its UTF-8 and nothing else: HTML is parsed
    from those, and its text is never made. ``encoding`` is a name that Python knows, ``bom`` the byte order
    mark that stood first.
    Undecodable bytes stand in ``text`` as one U+FFFD a run; ``patches`` says, for each of these,
    which U+FFFD of the text it is (from 0) and what bytes it was. ``raw`` is None unless the
    encoding has several spellings of one text; then it is the whole input.
    """

    source: str | bytes
    encoding: str
    bom: bytes = b""
    patches: tuple[tuple[int, bytes], ...] = ()
    raw: bytes | None = None

    @property
    def text(self) -> str:
        """The text, decoded at each call where ``source`` holds bytes."""
        return self.source if isinstance(self.source, str) else self.source.decode("utf-8")


def decode(data: bytes, *, encoding: str | None = None, declared: str | None = None) -> Decoded:
    """The text of ``data``: ``encoding`` is forced, ``declared`` is a claim that UTF-8 overrules.

    In order: a byte order mark, valid UTF-8, UTF-8 with some broken bytes, the declared encoding,
    a statistical guess, cp1252. Raises UsageError for an encoding that does not exist and
    ReadError for what is no text; with ``encoding`` anything is text.
    """
    if encoding is not None:
        return _forced(data, encoding)
    for bom, name in BOMS:
        if data.startswith(bom):
            found = _checked(data, name, bom)
            if name != "utf-32-le" or not found.patches:
                return found
    wide = _refuse_binary(data)
    if wide:
        return _checked(data, wide)
    claimed = codec_name(declared) if declared else None
    if not is_utf8(data):
        return _not_utf8(data, claimed)
    if claimed in STATEFUL and data.isascii():
        return _checked(data, claimed)
    return Decoded(data, "utf-8")


def is_utf8(data: bytes) -> bool:
    """Whether bytes are valid UTF-8. Parts that are ASCII alone are told at once, and no text is kept."""
    at, size = 0, len(data)
    while at < size:
        part = data[at : at + PART_BYTES]
        if part.isascii():
            at += PART_BYTES
            continue
        try:
            _, read = codecs.utf_8_decode(part, "strict", at + PART_BYTES >= size)
        except UnicodeDecodeError:
            return False
        at += read  # the next part begins with a character that this one's end cuts
    return True


def encode(decoded: Decoded) -> bytes:
    """The bytes that ``decode`` was given."""
    text, name, bom, patches, raw = decoded
    if isinstance(text, bytes):
        return text
    if raw is not None:
        return raw
    if not patches:
        return bom + text.encode(name)
    patched = dict(patches)
    found = []
    for number, piece in enumerate(text.split("\ufffd")):
        if number:
            found.append(patched.get(number - 1) or "\ufffd".encode(name))
        found.append(piece.encode(name))
    return bom + b"".join(found)


def codec_name(label: str) -> str | None:
    """Python's name of the encoding that the web means by a label; None when there is none."""
    try:
        info = codecs.lookup(label.strip().strip("\"'"))
        bytes(4).decode(info.name, "cleaner.mark")  # base64 and punycode are codecs too, but of no pages
    except (LookupError, ValueError):
        return None
    return MEANT.get(info.name, info.name)


def _forced(data: bytes, label: str) -> Decoded:
    name = codec_name(label)
    if name is None:
        raise UsageError(f'encoding "{label}" does not exist{_similar(label)}')
    exact = codecs.lookup(label).name
    family = exact.removesuffix("-sig").replace("_", "-")
    for bom, marked in BOMS:
        if data.startswith(bom) and marked.startswith(family):
            return _checked(data, marked, bom)
    return _checked(data, "utf-8" if family == "utf-8" else MEANT.get(exact, exact) if "utf" in exact else exact)


def _similar(label: str) -> str:
    from difflib import get_close_matches
    from encodings.aliases import aliases

    known = sorted(name for name in {*aliases, *aliases.values()} if codec_name(name))
    near = get_close_matches(label.lower().replace("-", "_"), known, 1)
    return f'; did you mean "{near[0]}"?' if near else "; Python's name for it is needed, such as utf-8 or cp1252"


def _not_utf8(data: bytes, claimed: str | None) -> Decoded:
    loose = data.decode("utf-8", "surrogateescape")
    if _is_mostly_utf8(data, loose):
        return _patched(loose, "utf-8", b"")
    if claimed and claimed != "utf-8":
        found = _checked(data, claimed)
        if len(found.patches) <= DECLARED_BREAKS * len(found.text):
            return found
    return _checked(data, _guess(data))


def _is_mostly_utf8(data: bytes, loose: str) -> bool:
    """Whether there are several valid sequences for each break; ``loose`` has the broken bytes marked."""
    beyond = len(data.translate(None, _ASCII))
    breaks = broken = 0
    for match in _BROKEN.finditer(loose):
        breaks, broken = breaks + 1, broken + len(match[0])
        if UTF8_SEQUENCES_A_BREAK * breaks > beyond // 2:
            return False
    sequences = len(loose) - broken - (len(data) - beyond)
    return sequences >= UTF8_SEQUENCES_A_BREAK * breaks


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    found = from_bytes(_telling(data), steps=5, chunk_size=512, cp_isolation=GUESSED, threshold=0.5)
    if found:
        return min(found, key=_unlikeliness).encoding
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _unlikeliness(match: CharsetMatch) -> tuple[float, bool, float, int]:
    """How ill a reading fits the languages of the phrase packs; less is better.

    The detector's own order is by the look of single characters: on a few lines it takes Chinese
    for Thai, Polish for Dutch and French for Romanian.
    """
    text, encoding = str(match), match.encoding
    beyond = len(_NOT_ASCII.findall(text))
    known = sum(len(_NOT_ASCII.findall(word)) for word in text.lower().split() if word in _telling_words())
    odd = len(_ODD.findall(text))
    fit = round((odd - known) / max(beyond, 1), 2) + _is_contradictory(text, encoding)
    return fit, encoding not in WIDE_CODES, round(match.chaos, 1), GUESSED.index(encoding)


def _is_contradictory(text: str, encoding: str) -> bool:
    """Whether letters stand together, or are missing, as in no language of the encoding."""
    if encoding in ("cp932", "euc_jp"):
        return not _HIRAGANA.search(text)
    if encoding in CYRILLIC_CODES:
        return len(_CYRILLIC_CAPITAL.findall(text)) > len(_CYRILLIC_SMALL.findall(text))
    some, others = NEVER_TOGETHER.get(encoding, ("", ""))
    return any(letter in text for letter in some) and any(letter in text for letter in others)


@cache
def _telling_words() -> frozenset[str]:
    """The function words of all languages that are not plain ASCII."""
    return frozenset(word for code in languages() for word in pack(code).function_words if not word.isascii())


def _telling(data: bytes) -> bytes:
    """Up to GUESS_BYTES of the lines that are not plain ASCII, of a longer one from shortly before what is not."""
    lines: list[bytes] = []
    room, at, size = GUESS_BYTES, 0, min(len(data), 100 * GUESS_BYTES)
    while match := _NOT_ASCII_BYTE.search(data, at, size):
        start = data.rfind(b"\n", at, match.start()) + 1 or at
        end = data.find(b"\n", match.end(), size) + 1 or size
        if lines and end - start > room:
            break  # a cut line may end within a character, which misleads
        if end - start > room:
            start = max(start, match.start() - room // 2)
        lines.append(data[start : min(end, start + room)])
        room, at = room - len(lines[-1]), end
    return b"".join(lines) or data[-GUESS_BYTES:]


def _refuse_binary(data: bytes) -> str | None:
    """The encoding of wide text without a mark, None for other text; raises ReadError for no text."""
    sample = data[:SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if not controls and not sample.startswith(b"%PDF-"):
        return None
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise ReadError(f"not text but {what}")
    if sample.count(0) > WIDE_NUL_SHARE * len(sample) and (wide := _wide(sample, len(data))):
        return wide
    if controls > BINARY_SHARE * len(sample):
        share = round(100 * controls / len(sample))
        raise ReadError(f"not text: {share} % of its bytes are control characters; force it with --encoding")
    return None


def _wide(sample: bytes, length: int) -> str | None:
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if length % width:
            continue
        try:
            text = codecs.getincrementaldecoder(name)().decode(sample)
        except UnicodeDecodeError:
            continue
        if not any(char < " " and char not in "\t\n\v\f\r\x1b" for char in text) and " " in text:
            return name
    return None


def _checked(data: bytes, name: str, bom: bytes = b"") -> Decoded:
    """The text in one encoding; keeps the input when the text does not lead back to it."""
    body = data[len(bom) :]
    found = _patched(body.decode(name, "surrogateescape" if name == "utf-8" else "cleaner.mark"), name, bom)
    try:
        if not _SURROGATE.search(found.text) and encode(found) == data:
            return found
    except UnicodeError:
        pass
    return found._replace(source=_SURROGATE.sub("\ufffd", found.text), patches=(), raw=data)


def _patched(loose: str, name: str, bom: bytes) -> Decoded:
    """The text with each run of marked bytes as one U+FFFD."""
    if not _BROKEN.search(loose):
        return Decoded(loose, name, bom)
    patches = tuple(
        (number, bytes(ord(char) - 0xDC00 for char in match[0]))
        for number, match in enumerate(_REPLACED.finditer(loose))
        if match[0] != "\ufffd"
    )
    return Decoded(_BROKEN.sub("\ufffd", loose), name, bom, patches)


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Marks undecodable bytes as lone surrogates, as ``surrogateescape`` does, but those below 128 too."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("cleaner.mark", _mark)
