#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What every user type of HTTP makes of every fault of a server.

matrix.py DIRECTORY [STRIDE [USER ...]]: TAP on stdout, and the table of what
came of each fault.  A fault is right when every exchange has one of the classes
that it may have, the ledger balances, and

    answered <= what the server counted <= what went out on the wire

Faults of an answer are tried behind each STRIDE-th byte of an answer of 200
bytes, by FIN, RST and silence, in plain text and over TLS.
"""

import collections
import concurrent.futures
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request

REFERENCE = 200
OK = "success"
PORTS = ["https", "https-expired", "https-early", "https-name", "https-self", "https-issuer",
    "https-old", "https-abrupt", "https-text", "https-alert", "close", "reset", "stall",
    "refuse", "full"]
# Twice as many ports, of the 31 that a target may have beside its first.
TLS_CUTS = [0, 1, 5, 50, 200, 500, 900, 1200]

# Name, path or URL, classes that it may end in, members of the task.
Case = collections.namedtuple("Case", "name url classes members", defaults=({},))


# The body is looked at, so it is decoded.
LOOKED_AT = {"assertions": [{"type": "contains", "value": "x"}]}


def fault_cases(u):
    """Reliability, row by row: what may come of it."""
    http = u["http"]
    f = http + "/ld/fault/"
    quick = {"timeout": "150ms"}
    return [
        Case("a port that refuses", u["refuse"] + "/", {"refused"}),
        Case("a full queue: SYN without an answer", u["full"] + "/", {"timeout_connect"}, quick),
        Case("accepted, never answered", f + "stall", {"timeout_response"}, quick),
        Case("a port that accepts and says nothing", u["stall"] + "/", {"timeout_response"}, quick),
        Case("a port that accepts and closes", u["close"] + "/", {"closed_early", "reset"}),
        Case("a port that accepts and resets", u["reset"] + "/", {"reset", "closed_early"}),
        Case("half-close before the answer", f + "half-close", {"closed_early"}),
        Case("half-close in the body", f + "half-close?at=150", {"truncated"}),
        Case("an idle connection closed as we send", f + "idle?every=1ms", {OK}),
        Case("one byte per 100 ms from the first on", f + "slow?at=0", {"timeout_receive"},
            {"timeout": "250ms"}),
        Case("one byte per 100 ms in the body", f + "slow?at=150", {"timeout_receive"},
            {"timeout": "250ms"}),
    ] + [
        Case("garbage: " + form, f + "garbage?as=" + form, {"protocol"})
        for form in ("binary", "ssh", "http09", "version", "status", "text")
    ] + [
        Case("garbage: empty", f + "garbage?as=empty", {"protocol", "closed_early"}),
        Case("a head of endless lines", f + "head?as=many", {"header_too_large"}),
        Case("a head with an endless line", f + "head?as=line", {"header_too_large"}),
        Case("a head with NUL", f + "head?as=nul", {"protocol"}),
        Case("a head with a folded line", f + "head?as=fold", {OK, "protocol"}),
        Case("a head without a colon", f + "head?as=colon", {"protocol"}),
        Case("a head with a blank before the colon", f + "head?as=blank", {"protocol"}),
        Case("a head with control characters", f + "head?as=control", {"protocol"}),
    ] + [
        Case("a body without end: " + form, f + "body?as=" + form, {"body_too_large"})
        for form in ("chunked", "length", "close")
    ] + [
        Case("chunks: " + form, f + "chunk?as=" + form, {"protocol"})
        for form in ("size", "negative", "overflow", "extension", "end")
    ] + [
        Case("chunks: huge", f + "chunk?as=huge", {"truncated", "body_too_large", "protocol"}),
        Case("chunks: missing", f + "chunk?as=missing", {"truncated"}),
        Case("chunks: endless trailer", f + "chunk?as=trailer", {"header_too_large", "protocol"}),
        # What follows an answer at once is seen with it.
        Case("length: too short", f + "length?as=short", {OK, "protocol"}),
        Case("length: too long", f + "length?as=long", {"truncated"}),
    ] + [
        Case("length: " + form, f + "length?as=" + form, {"protocol"})
        for form in ("two", "both", "negative", "overflow", "text")
    ] + [
        Case("a bomb, not looked at", f + "bomb", {OK}),
        Case("a bomb, looked at", f + "bomb", {"body_too_large", "decode"}, LOOKED_AT),
        Case("a bomb in three layers, looked at", f + "bomb?layers=3",
            {"body_too_large", "decode"}, LOOKED_AT),
        Case("coding: truncated", f + "coding?as=truncated", {"decode"}, LOOKED_AT),
        Case("coding: corrupt", f + "coding?as=corrupt", {"decode"}, LOOKED_AT),
        Case("coding: unknown", f + "coding?as=unknown", {"decode", "assertion"}, LOOKED_AT),
        Case("coding: plain text", f + "coding?as=plain", {"decode"}, LOOKED_AT),
        Case("three interim answers", f + "interim?n=3", {OK}),
        Case("interim answers without end", f + "interim", {"protocol", "header_too_large"}),
        Case("interim answers without end: 100", f + "interim?as=100",
            {"protocol", "header_too_large"}),
        Case("101 unasked", f + "interim?as=101&n=1", {"protocol"}),
        Case("204 with a body", f + "surplus?as=status204", {OK, "protocol"}),
        Case("304 with a body", f + "surplus?as=status304", {OK, "protocol"}),
        Case("a second answer", f + "surplus?as=answer", {OK, "protocol"}),
        Case("bytes behind the answer", f + "surplus?as=bytes", {OK, "protocol"}),
        Case("redirects without end", f + "redirect?as=loop", {"redirect"}),
        Case("a redirect to gopher", f + "redirect?as=scheme", {"redirect"}),
        Case("a redirect to a port that refuses", f + "redirect?as=refused", {"refused"}),
        Case("a redirect to nowhere", f + "redirect?as=nowhere", {"redirect"}),
        Case("a redirect with two places", f + "redirect?as=two", {OK, "redirect", "protocol"}),
        Case("a status that is a failure", http + "/status/503", {"status"}),
        Case("a certificate that ran out", u["https-expired"] + "/get", {"tls_expired"}),
        Case("a certificate not valid yet", u["https-early"] + "/get", {"tls_expired"}),
        Case("a certificate for another name", u["https-name"] + "/get", {"tls_name"}),
        Case("a certificate signed by itself", u["https-self"] + "/get", {"tls_issuer"}),
        Case("a certificate of nobody trusted", u["https-issuer"] + "/get", {"tls_issuer"}),
        Case("TLS 1.1 and nothing newer", u["https-old"] + "/get", {"tls_handshake"}),
        Case("plain text instead of a handshake", u["https-text"] + "/get", {"tls_handshake"}),
        Case("an alert instead of a handshake", u["https-alert"] + "/get", {"tls_handshake"}),
        Case("a handshake that stalls", u["stall"].replace("http:", "https:") + "/",
            {"timeout_tls"}, quick),
        Case("a handshake that is closed", u["close"].replace("http:", "https:") + "/",
            {"tls_handshake", "closed_early", "reset"}),
        Case("no close_notify, the length known", u["https-abrupt"] + "/get", {OK}),
        Case("no close_notify, in the middle of a body", u["https-abrupt"] + "/ld/fault/truncate",
            {"truncated"}),
        Case("a name that does not exist", "http://nowhere.invalid/", {"dns", "timeout_dns"},
            {"timeout": "3s"}),
    ] + [
        Case("the wire cut at byte %d of TLS, by %s" % (at, end), url + "/ld/reference",
            expected_tls_cut(at, end), quick)
        for (at, end), url in u["cuts"].items()
    ]


def expected_tls_cut(at, end):
    handshake = {"close": {"tls_handshake", "reset", "closed_early"},
        "reset": {"reset", "tls_handshake"}, "stall": {"timeout_tls"}}[end]
    answer = {"close": {"closed_early", "truncated"}, "reset": {"reset"},
        "stall": {"timeout_response", "timeout_receive"}}[end]
    # Where the handshake ends depends on the certificate.
    return handshake if at < 600 else handshake | answer | {OK}


def cut_cases(user, u, stride):
    """Behind every byte of an answer."""
    for scheme in ("http", "https"):
        for kind in ("close", "reset", "stall"):
            cases = []
            for at in sorted(set(range(0, REFERENCE + 1, stride)) | {0, 1, REFERENCE - 1, REFERENCE}):
                cases.append(Case("%d" % at, "%s/ld/fault/%s?at=%d" % (u[scheme], kind, at),
                    expected_cut(user, kind, at), {"timeout": "80ms"} if kind == "stall" else {}))
            yield "%s behind each byte, %s" % (kind, "TLS" if scheme == "https" else "plain"), cases


def expected_cut(user, kind, at):
    if at == REFERENCE:
        return {OK}
    if kind == "reset":
        return {"reset"}
    if kind == "stall":
        return {"timeout_response" if at == 0 else "timeout_receive"}
    if user == "http_user" and 0 < at < len("HTTP/1.1 200 OK\r\n"):
        # libcurl says nothing of a line that did not end.
        return {"closed_early", "truncated"}
    return {"closed_early" if at == 0 else "truncated"}


# -- running --------------------------------------------------------------------


def run(user, cases, number, ca):
    """Samples by task, and the ledger of a run with one user and one pass."""
    tasks = []
    for i, case in enumerate(cases):
        tasks.append({"name": "%d %s" % (i, case.name), "method": "get",
            "request_url": case.url, **case.members})
    plan, out = "plan%d.json" % number, "out%d.ndjson" % number
    with open(plan, "w", encoding="utf-8") as file:
        json.dump([["LD_start_test", {"user": user, "user_count": 1, "passes": 1, "wait": 0,
            "timeout": "5s", "tasks": tasks}]], file)
    done = subprocess.run(["ld-run", "-q", "--threads", "1", "--cacert", ca, plan, "-o", out],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    samples, ledger = {}, None
    if os.path.exists(out):
        with open(out, encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                if record["type"] == "sample":
                    samples[record["task"]] = record
                elif record["type"] == "end":
                    ledger = record["ledger"]
    return samples, ledger, done


def balances(ledger):
    failed = sum(ledger["failure"].values())
    return (ledger["planned"] == sum(ledger["not_started"].values()) + ledger["started"]
        and ledger["started"] == ledger["success"] + failed + ledger["aborted"] + ledger["in_flight"])


def judge(cases, samples, ledger, done):
    faults = []
    if ledger is None:
        return ["no end: %s" % done.stderr.decode(errors="replace")[:400]], []
    if not balances(ledger):
        faults.append("the ledger does not balance: %s" % ledger)
    rows = []
    for i, case in enumerate(cases):
        sample = samples.get(i)
        if sample is None:
            faults.append("%s: no sample" % case.name)
            continue
        found = sample.get("class", sample["outcome"])
        rows.append((case.name, found, sample.get("text", "")))
        if found not in case.classes:
            faults.append("%s: %s (%s), not %s" % (case.name, found, sample.get("text", ""),
                " or ".join(sorted(case.classes))))
    return faults, rows


def counted(base):
    with urllib.request.urlopen(base + "/ld/counts") as answer:
        return json.load(answer)["requests"]


class Raw(threading.Thread):
    """A server that has nothing of ld-target's: each connection brings one
    request, and gets these bytes and that end."""

    def __init__(self, answer, reset):
        super().__init__(daemon=True)
        self.answer, self.reset, self.requests = answer, reset, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d/" % self.socket.getsockname()[1]

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    part = connection.recv(65536)
                    if not part:
                        break
                    head += part
                self.requests += b"\r\n\r\n" in head
                connection.sendall(self.answer)
                if self.reset:
                    time.sleep(0.05)  # what was sent has to be read before
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


RAW = [
    ("a body cut by FIN", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", False, "truncated"),
    ("a head cut by RST", b"HTTP/1.1 200 OK\r\nContent-Le", True, "reset"),
]


class Tap:
    def __init__(self, planned):
        self.n = 0
        print("1..%d" % planned)

    def tell(self, name, faults, table):
        self.n += 1
        for line in table + ["FAULT: " + text for text in faults]:
            print("# " + line.replace("\n", " "))
        print("%sok %d - %s" % ("not " if faults else "", self.n, name), flush=True)


def compress(rows):
    """0 closed_early, 1..199 truncated, 200 success"""
    spans = []
    for name, found, _ in rows:
        if spans and spans[-1][2] == found:
            spans[-1][1] = name
        else:
            spans.append([name, name, found])
    return ", ".join("%s %s" % (a if a == b else a + ".." + b, found) for a, b, found in spans)


def check_counts(base, before, ledgers, faults):
    """The server's books against ours."""
    seen = counted(base) - before
    answered = sum(ledger["success"] for ledger in ledgers)
    wire = sum(ledger["wire"] for ledger in ledgers)
    if not answered <= seen <= wire:
        faults.append("answered %d, counted by the server %d, on the wire %d" % (
            answered, seen, wire))
    return "answered %d <= counted %d <= on the wire %d" % (answered, seen, wire)


def chunks(cases, size):
    return [cases[i:i + size] for i in range(0, len(cases), size)]


def run_cuts(tap, user, u, ca, stride):
    number = 1000
    for name, cases in cut_cases(user, u, stride):
        before, parts = counted(u["http"]), chunks(cases, 20)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            results = list(pool.map(lambda pair: run(user, pair[1], pair[0], ca),
                enumerate(parts, number)))
        number += len(parts)
        faults, rows, ledgers = [], [], []
        for part, (samples, ledger, done) in zip(parts, results):
            found, part_rows = judge(part, samples, ledger, done)
            faults += found
            rows += part_rows
            ledgers += [ledger] if ledger else []
        note = check_counts(u["http"], before, ledgers, faults)
        tap.tell("%s: %s" % (user, name), faults, [compress(rows), note])


def run_faults(tap, user, u, ca):
    """One by one: who is still there after the one before does not matter."""
    for number, case in enumerate(fault_cases(u)):
        before = counted(u["http"])
        samples, ledger, done = run(user, [case], number, ca)
        faults, rows = judge([case], samples, ledger, done)
        note = check_counts(u["http"], before, [ledger] if ledger else [], faults)
        tap.tell("%s: %s" % (user, case.name), faults,
            ["%s: %s" % (found, text) for _, found, text in rows] + [note])


def run_raw(tap, user, ca):
    for i, (name, answer, reset, cls) in enumerate(RAW):
        server = Raw(answer, reset)
        server.start()
        case = Case(name, server.url, {cls})
        samples, ledger, done = run(user, [case] * 20, 900 + i, ca)
        server.socket.close()
        faults, _ = judge([case] * 20, samples, ledger, done)
        wire = ledger["wire"] if ledger else 0
        if not 20 <= server.requests <= wire:
            faults.append("counted by the server %d, on the wire %d" % (server.requests, wire))
        tap.tell("%s: %s, by a server of sockets alone" % (user, name), faults,
            ["20 x %s; counted %d <= on the wire %d" % (cls, server.requests, wire)])


def start_target(ca):
    ports = list(PORTS) + ["https-cut?at=%d&as=%s" % (at, end)
        for at in TLS_CUTS for end in ("close", "stall")]
    command = ["ld-target", "--ca", ca, "--seed", "1"]
    for port in ports:
        command += ["-l", port]
    target = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    urls = {"http": target.stdout.readline().decode().strip(), "cuts": {}}
    for port in ports:
        url = target.stdout.readline().decode().strip()
        if port.startswith("https-cut"):
            at, end = port.split("?at=")[1].split("&as=")
            urls["cuts"][(int(at), end)] = url
        else:
            urls[port] = url.replace("tcp:", "http:") if port in ("refuse", "full", "stall", "close",
                "reset") else url
    return target, urls


def main():
    directory = sys.argv[1]
    stride = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    users = sys.argv[3:] or ["fast_http_user", "http_user"]
    os.makedirs(directory, exist_ok=True)
    os.chdir(directory)
    target, urls = start_target("ca.pem")
    try:
        tap = Tap(len(users) * (len(fault_cases(urls)) + len(RAW) + 6))
        for user in users:
            run_faults(tap, user, urls, "ca.pem")
            run_raw(tap, user, "ca.pem")
            run_cuts(tap, user, urls, "ca.pem", stride)
    finally:
        target.terminate()
        target.wait()


main()
