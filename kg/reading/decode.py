"""Bytes → text: in the encoding that is stated, else UTF-8, or GB18030 where the bytes are that."""

import codecs
import unicodedata

from kg.errors import ReadError

_ALLOWED_CONTROLS = frozenset("\t\n\r\v\f")
# What may be stated, by Python's names, and what it is read as: pages say gb2312 and use characters of its supersets.
_STATED = {"ascii": "utf-8", "utf-8": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs"} | {
    name: name for name in ("utf-16", "utf-16-le", "utf-16-be")
}


def decode(data: bytes, where: str, charset: str | None = None) -> str:
    """Return the text of `data`, line ends and byte-order mark as they are, so that offsets are those of the file.

    A `charset` that was stated is believed; without one UTF-8 is tried first, then GB18030. Raise ReadError, naming `where`, for what is
    neither.

    >>> decode("华为".encode("gb18030"), "a.txt")
    '华为'
    """
    if charset is not None:
        text = _stated(data, where, charset)
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ReadError(f"{where}: is UTF-16; save it as UTF-8")
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = _gb18030(data, where)
    controls = {char for char in set(text) if unicodedata.category(char) == "Cc"} - _ALLOWED_CONTROLS
    if "\0" in controls or len(controls) > 3:
        raise ReadError(f"{where}: is not text (control characters in it); give a text, Markdown, HTML or PDF file")
    return text


def _stated(data: bytes, where: str, charset: str) -> str:
    try:
        return data.decode(_STATED[codecs.lookup(charset).name])
    except LookupError as error:
        raise ReadError(
            f"{where}: the encoding {charset[:40]!r} is not read; send it as UTF-8, or as one of {', '.join(_STATED)}"
        ) from error
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{where}: is not {charset[:40]}, as was stated (byte {error.start}); state its encoding or send it as UTF-8"
        ) from error


def _gb18030(data: bytes, where: str) -> str:
    """Decode, and refuse what only happens to decode: real Chinese is mostly Han characters and their marks."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ReadError(f"{where}: neither UTF-8 nor GB18030 (byte {error.start}); save it as UTF-8") from error
    foreign = [char for char in text if char > "\x7f"]
    chinese = sum(1 for char in foreign if "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef")
    if chinese * 2 < len(foreign):
        raise ReadError(f"{where}: neither UTF-8 nor GB18030; save it as UTF-8")
    return text
