# SPDX-License-Identifier: MIT
"""Is a document inert?  `inert.py WHAT FILE [FILE]`; says what is not and
exits with 1."""
import csv
import re
import sys
import unicodedata
from html.parser import HTMLParser


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.seen, self.comments = set(), 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.seen.update((tag, name) for name, _ in attrs)
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            assert name not in ("src", "action", "formaction"), (tag, name)
            if name in ("href", "xlink:href"):
                assert value.startswith("#"), (tag, name, value)

    def handle_comment(self, data):
        self.comments += 1
        assert re.fullmatch(r"[ A-Za-z0-9:,.;()]*", data), data


def read(path):
    return open(path, "rb").read().decode("utf-8")


def plain(path, allowed="\t\r\n"):
    for c in read(path):
        assert c in allowed or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"), repr(c)


def html(path, tame):
    """`tame` has no failures: their table has bold classes and quotes."""
    seen = {s for s in Elements(read(path)).seen if isinstance(s, str)}
    known = {s for s in Elements(read(tame)).seen if isinstance(s, str)}
    assert {"meta", "table", "svg"} <= known
    assert seen - known <= {"b", "q", "small", "strong", "em"}, seen - known


def markdown(path):
    seen = {s for s in Elements(read(path)).seen if isinstance(s, str)}
    allowed = {"h2", "h3", "p", "strong", "ul", "li", "table", "thead", "tbody",
               "tr", "th", "td"}
    assert seen <= allowed, seen - allowed
    text = re.sub(r"<!-- -->", "\0", read(path))
    assert not re.search(r"@\w", text), "a mention"


def table(path):
    rows = list(csv.reader(open(path, newline="", encoding="utf-8")))
    assert len(rows) > 10 and len({len(r) for r in rows}) == 1
    number = re.compile(r"-?[0-9.]+$")
    for cell in (c for row in rows for c in row):
        assert not re.match("[=+@\t\r\uff1d\uff0b\uff0d\uff20]", cell), cell
        assert not cell.startswith("-") or number.match(cell), cell


def terminal(path):
    """Colours and the moves of a progress display are ours; nothing else."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", read(path))
    for c in text:
        assert c in "\t\r\n" or unicodedata.category(c) not in ("Cc", "Cf"), repr(c)


what, *paths = sys.argv[1:]
{"plain": plain, "html": html, "markdown": markdown, "csv": table,
 "terminal": terminal}[what](*paths)
