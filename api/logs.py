"""What the server writes to standard error: one entry begins at one line's start, whatever a stranger has put into it."""

import logging
from typing import Any

_ESCAPED = {code: f"\\x{code:02x}" for code in (*range(32), 127, *range(128, 160)) if chr(code) not in "\n"} | {
    code: f"\\u{code:04x}" for code in (0x2028, 0x2029)
}


class OneEntry(logging.Formatter):
    """Escapes what could move a terminal's cursor, and indents every line but an entry's first, so that none can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        r"""Return the entry.

        >>> entry = logging.LogRecord("kg", logging.ERROR, "", 0, "no %s", ("华为\r\nERROR: all is lost\x1b[2J",), None)
        >>> print(OneEntry("%(levelname)s: %(message)s").format(entry))
        ERROR: no 华为\x0d
            ERROR: all is lost\x1b[2J
        """
        return super().format(record).translate(_ESCAPED).replace("\n", "\n    ")


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"one entry": {"()": OneEntry, "format": "%(asctime)s %(levelname)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "one entry", "stream": "ext://sys.stderr"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"uvicorn": {"level": "WARNING"}, "uvicorn.error": {"level": "WARNING"}},
}
