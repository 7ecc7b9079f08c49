"""Makes PDFs by hand: Chinese in a font that is named but not in the file, as Chinese programs write them, and files that misbehave."""

import zlib
from collections.abc import Iterable, Sequence

_SIZE = 12
_TOP = 780
_LEADING = 20


def pdf(pages: Sequence[Sequence[str]], *, title: str | None = None, extra: Iterable[bytes] = ()) -> bytes:
    """Return a PDF with these lines on these pages; `extra` is drawn on every page besides."""
    return assemble([b"".join([_drawn(lines), *extra]) for lines in pages], title=title)


def assemble(contents: Sequence[bytes], *, title: str | None = None, repeat: int = 1, trailer: bytes = b"") -> bytes:
    """Return a PDF of these page contents; each page stands in the tree of pages `repeat` times."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",  # the tree of pages
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
        b" /Supplement 2 >> /DW 1000 /FontDescriptor 5 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120"
        b" /CapHeight 880 /StemV 93 >>",
        b"<< >>" if title is None else b"<< /Title <FEFF" + title.encode("utf-16-be").hex().encode() + b"> >>",
    ]
    kids = []
    for content in contents:
        packed = zlib.compress(content)
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % len(objects)
        )
        kids += [b"%d 0 R" % len(objects)] * repeat
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _numbered(objects, trailer)


def _drawn(lines: Sequence[str]) -> bytes:
    return b"".join(
        b"BT /F1 %d Tf 1 0 0 1 60 %d Tm <%s> Tj ET\n" % (_SIZE, _TOP - _LEADING * number, line.encode("utf-16-be").hex().encode())
        for number, line in enumerate(lines)
    )


def _numbered(objects: Sequence[bytes], trailer: bytes) -> bytes:
    body = bytearray(b"%PDF-1.7\n")
    places = []
    for number, written in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(body)
