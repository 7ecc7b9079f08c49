"""Files, folders and streams → Document: plain text, Markdown, HTML (UTF-8 or GB18030) and PDF."""

from kg.reading.metadata import Metadata
from kg.reading.sources import Form, form_of, read, read_folder, read_stream, read_text

__all__ = ["Form", "Metadata", "form_of", "read", "read_folder", "read_stream", "read_text"]
