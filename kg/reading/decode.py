"""Bytes → text: UTF-8, or GB18030 where the bytes are that."""

import codecs
import unicodedata

from kg.errors import ReadError

_ALLOWED_CONTROLS = frozenset("\t\n\r\v\f")


def decode(data: bytes, where: str) -> str:
    """Return the text of `data`, line ends and byte-order mark as they are, so that offsets are those of the file.

    UTF-8 is tried first, then GB18030. Raise ReadError, naming `where`, for anything else.

    >>> decode("华为".encode("gb18030"), "a.txt")
    '华为'
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ReadError(f"{where}: is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _gb18030(data, where)
    controls = {char for char in set(text) if unicodedata.category(char) == "Cc"} - _ALLOWED_CONTROLS
    if "\0" in controls or len(controls) > 3:
        raise ReadError(f"{where}: is not text (control characters in it); give a text, Markdown or HTML file")
    return text


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
