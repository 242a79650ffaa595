# SPDX-License-Identifier: MIT
"""Print a stream in which every text that may be foreign is one that has
fooled readers of some format."""
import json

TEXTS = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)", "</title></style></textarea></svg><svg onload=alert(1)>",
    "]]><x/>", "--><b>", "&lt;&#60;&amp;", "javascript:alert(1)",
    "=HYPERLINK(\"http://evil.example\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1",
    "\r=1", "\uff1dcmd", "a,b;c\"d\"", "one\ntwo\r\n::error::x",
    "::warning file=x::y", "##[error]x", "[x](http://evil.example)",
    "![x](http://evil.example/p.png)", "http://evil.example www.evil.example me@evil.example",
    "@everyone #1 | a | b |", "- x", "1. x", "> x", "# x", "===", "```", "- [ ] x",
    "`code` **bold** _it_ ~~gone~~ $x$", "[^1]: x", "<!-- ", "\\", "\\|",
    "\u001b[31mred\u001b]8;;http://evil.example\u0007x", "\u001b]52;c;eA==\u001b\\",
    "\u009b31m\u009dx\u009c", "\u202egnp.exe\u2066\u2069", "nul\u0000byte",
    "\u0001\u0008\u000b\u007f", "\ufffe\uffff", "\ud800", "\ufeff\u200b\u2028\u2029",
    "x" * 5000, "@" * 3000, "\U0001f600 \u00e9\u4f60", "",
]


def sample(i, n, text, failed):
    ns = 1000000 + i
    record = {"type": "sample", "run": TEXTS[0], "user_type": text[:200],
              "request_type": text[:200], "name": text, "user": 0, "pass": n,
              "task": 0, "intended_ns": n * 1000, "start_ns": n * 1000,
              "response_ns": ns, "service_ns": ns, "ttfb_ns": ns,
              "status": 500 if failed else 200, "bytes_out": 1, "bytes_in": 1,
              "outcome": "failure" if failed else "success"}
    if failed:
        record |= {"class": "status", "text": text}
    return record


def main():
    every = " ".join(t for t in TEXTS if len(t) < 100)
    print(json.dumps({
        "type": "begin", "run": TEXTS[0], "schema": "ld.result/1",
        "started_at": every, "seed": every, "plan_hash": every, "tool": every,
        "host": every, "target": every, "config": {"user": every}}))
    n = 0
    for i, text in enumerate(TEXTS):
        for failed in (False, True):
            n += 1
            print(json.dumps(sample(i, n, text, failed)))
        print(json.dumps({"type": "event", "run": TEXTS[0], "at_ns": n,
                          "event": "note",
                          # An event is copied as it stands.
                          "text": text.replace("\ud800", "")}))


main()
