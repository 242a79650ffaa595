#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails the N-th call of every kind, for every N, in small runs of commands.

sweep.py LIBRARIES DIRECTORY [STRIDE]: TAP on stdout, one test a scenario and a
kind; what came of it stands behind each as a table.  After whatever failed, the
status is a documented one, nobody hangs, an error has a text, a stream is whole
or is called incomplete, and a document is whole or is not there.
"""

import collections
import json
import os
import subprocess
import sys

DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7, 70}
SIGPIPE, SIGABRT, SIGFPE = 13, 6, 8
HANGS_S = 30
FIRST = 15
ENOMEM, EIO, EINTR, EAGAIN, EMFILE, ENOSPC, ECONNRESET = 12, 5, 4, 11, 24, 28, 104

# Kind, how, errno.
KINDS = [
    ("malloc", "once", ENOMEM), ("malloc", "all", ENOMEM),
    ("read", "once", EIO), ("read", "once", EINTR),
    ("write", "once", ENOSPC), ("write", "all", ENOSPC), ("write", "once", EINTR),
    ("write", "short", EIO),
    ("open", "once", EMFILE), ("fstat", "once", EIO),
    ("socket", "once", EMFILE), ("connect", "once", ECONNRESET),
    ("recv", "once", ECONNRESET), ("recv", "once", EINTR),
    ("send", "once", ECONNRESET), ("send", "once", EINTR), ("send", "short", EIO),
    ("epoll_create", "once", EMFILE), ("eventfd", "once", EMFILE),
    ("timerfd", "once", EMFILE), ("epoll_wait", "once", EINTR),
    ("thread", "once", EAGAIN), ("thread", "all", EAGAIN),
]


class Scenario:
    def __init__(self, name, command, stream=None, document=None, serves=False):
        self.name, self.command = name, command
        self.stream, self.document, self.serves = stream, document, serves


def run(command, env=None, seconds=HANGS_S):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
        env=env, timeout=seconds, check=False)


def make_inputs():
    plan = [["LD_start_test", {"user": "null_user", "user_count": 2, "passes": 2,
        "wait": 0, "spawn_rate": 1000, "tasks": [{"name": "a"}, {"name": "b"}]}]]
    with open("plan.json", "w", encoding="utf-8") as file:
        json.dump(plan + [["LD_summary"], ["LD_generate_html_report", {"html_name": "page"}]], file)
    with open("small.json", "w", encoding="utf-8") as file:
        json.dump(plan, file)
    har = {"log": {"version": "1.2", "entries": [{"request": {"method": "POST",
        "url": "http://127.0.0.1/a?b=c", "headers": [{"name": "X-A", "value": "1"}],
        "postData": {"mimeType": "application/json", "text": "{\"a\":1}"}},
        "response": {"status": 200}}]}}
    with open("a.har", "w", encoding="utf-8") as file:
        json.dump(har, file)
    with open("a.curl", "w", encoding="utf-8") as file:
        file.write("curl -d a=b -H 'X: y' http://127.0.0.1/\n")
    run(["ld-run", "-q", "small.json", "-o", "good.ndjson"])


def http_plan(target):
    with open("secret", "w", encoding="utf-8") as file:
        file.write("open sesame\n")
    with open("http.json", "w", encoding="utf-8") as file:
        json.dump([["LD_start_test", {"user": "fast_http_user", "user_count": 2,
            "passes": 2, "wait": 0, "spawn_rate": 1000, "timeout": "2s", "grace": "1s", "tasks": [
                {"method": "get", "request_url": target + "/get",
                 "headers": {"Authorization": "Bearer ${secret.t}"},
                 "extract": [{"var": "m", "from": "json_path", "path": "method"}]},
                {"method": "post", "request_url": target + "/post", "json": {"a": "${m}"}}]}]], file)


def socket_plan(tcp, udp):
    with open("socket.json", "w", encoding="utf-8") as file:
        json.dump([["LD_start_test", {"user": "socket_user", "user_count": 2, "passes": 2, "wait": 0,
            "spawn_rate": 1000, "timeout": "2s", "grace": "1s", "tasks": [
                {"target": tcp, "payload": "hex:00 0a", "expect_bytes": 2, "keep_open": True,
                 "extract": [{"var": "m", "from": "regex", "pattern": "(.)"}]},
                {"target": tcp, "payload": "one", "expect_substring": "ne"},
                {"protocol": "udp", "target": udp, "payload": "two", "expect_bytes": 9}]}]], file)


def formats():
    text = run(["ld-report", "--help"]).stdout.decode()
    block = text.split("formats:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in block.split("\n")
            if line.startswith("  ") and line[2] != " "]


def scenarios():
    yield Scenario("ld-import har", ["ld-import", "har", "a.har", "-o", "out.plan"])
    yield Scenario("ld-import curl", ["ld-import", "curl", "a.curl"])
    for name in formats():
        yield Scenario("ld-report " + name, ["ld-report", name, "good.ndjson"])
    yield Scenario("ld-report csv --compat", ["ld-report", "csv", "--compat", "good.ndjson"])
    yield Scenario("ld-run closed", ["ld-run", "-q", "--threads", "1", "small.json",
        "-o", "out.ndjson"], stream="out.ndjson")
    yield Scenario("ld-run open", ["ld-run", "-q", "--threads", "1", "--rate", "200/s", "-n", "4",
        "--journal", "out.journal", "small.json", "-o", "out.ndjson"], stream="out.ndjson")
    yield Scenario("ld-run actions", ["ld-run", "-q", "--threads", "1", "plan.json",
        "-o", "out.ndjson"], stream="out.ndjson", document="page.html")
    yield Scenario("ld-run --dry", ["ld-run", "--dry", "--rate", "9/s", "-n", "3", "small.json"])
    yield Scenario("ld-run --explain", ["ld-run", "--explain", "small.json"])
    yield Scenario("ld-run --schema", ["ld-run", "--schema", "plan"])
    yield Scenario("ld-run http", ["ld-run", "-q", "--threads", "1", "--secret", "t=@secret", "http.json",
        "-o", "out.ndjson"], stream="out.ndjson", serves=True)
    if subprocess.run(["ld-run", "--help-driver", "http_user"], stdin=subprocess.DEVNULL,
            capture_output=True, check=False).returncode == 0:
        yield Scenario("ld-run libcurl", ["ld-run", "-q", "--threads", "1", "--secret", "t=@secret",
            "--user", "http_user", "http.json", "-o", "out.ndjson"], stream="out.ndjson", serves=True)
    yield Scenario("ld-run socket", ["ld-run", "-q", "--threads", "1", "socket.json",
        "-o", "out.ndjson"], stream="out.ndjson", serves=True)
    yield Scenario("ld-target", ["ld-target", "true"])


def clean():
    for name in ("out.ndjson", "out.plan", "out.journal", "page.html"):
        if os.path.exists(name):
            os.unlink(name)


def check_stream(path, faults):
    """Whole, or called what it is."""
    if not os.path.exists(path) or os.path.getsize(path) == 0:
        return
    report = run(["ld-report", "json", path])
    if report.returncode not in (0, 3):
        faults.append("its stream: ld-report says %d" % report.returncode)
        return
    document = json.loads(report.stdout or b"{}")
    for one in document.get("runs", []):
        if one["wholeness"] == "whole" and not one["ledger_balances"]:
            faults.append("its stream is whole and does not balance")


def judge(scenario, call, done, faults):
    status = done.returncode
    # libuv ends the process where it has no memory for a list of its own, and
    # a sanitizer where it has none for a thread's stack.
    aborts = status == -SIGABRT or b"Sanitizer: CHECK failed" in done.stderr
    # libcurl 7.88 divides by the size of a table that it had no memory for.
    aborts = aborts or (scenario.name == "ld-run libcurl" and status == -SIGFPE)
    if call == "malloc" and aborts and (scenario.stream or scenario.name == "ld-target"):
        if scenario.stream:
            check_stream(scenario.stream, faults)
        return
    if status < 0 and -status != SIGPIPE:
        faults.append("ended by signal %d" % -status)
    elif status >= 0 and status not in DOCUMENTED:
        faults.append("status %d" % status)
    if status not in (0, -SIGPIPE) and not done.stderr.strip():
        faults.append("status %d without a word" % status)
    if b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        faults.append("a sanitizer: " + done.stderr.decode(errors="replace")[:4000])
    if scenario.stream:
        check_stream(scenario.stream, faults)
    if scenario.document and os.path.exists(scenario.document):
        with open(scenario.document, "rb") as file:
            if not file.read().rstrip().endswith(b"</html>"):
                faults.append("a document that is torn")


def attempt(scenario, libraries, order):
    """The status, faults, and whether the call was reached."""
    env = dict(os.environ, LD_PRELOAD=libraries, LD_TEST_FAIL="%s:%d:%s:%d" % order,
        LD_TEST_COUNT="count")
    clean()
    if os.path.exists("count"):
        os.unlink("count")
    faults = []
    try:
        done = run(scenario.command, env)
    except subprocess.TimeoutExpired:
        return "hang", ["it hangs"], True
    try:
        with open("count", encoding="utf-8") as file:
            reached = int(file.read()) >= order[1]
    except (OSError, ValueError):
        reached = True  # it had not the time to say
    judge(scenario, order[0], done, faults)
    return str(done.returncode), faults, reached


def sweep(scenario, libraries, kind, stride):
    outcomes, faults = collections.Counter(), []
    call, how, error = kind
    n = 1
    while True:
        status, found, reached = attempt(scenario, libraries, (call, n, how, error))
        if not reached:
            return n - 1, outcomes, faults
        outcomes[status] += 1
        for text in found:
            faults.append("%s %d: %s" % (call, n, text))
        if len(faults) > 20:
            return n, outcomes, faults
        # The first calls one by one: that is where setting up happens.
        n += 1 if n < FIRST else stride


def main():
    libraries, directory = sys.argv[1], sys.argv[2]
    stride = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    only = sys.argv[4] if len(sys.argv) > 4 else ""
    os.makedirs(directory, exist_ok=True)
    os.chdir(directory)
    make_inputs()
    target = subprocess.Popen(["ld-target", "-l", "tcp", "-l", "udp"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        http, tcp, udp = (target.stdout.readline().decode().strip() for _ in range(3))
        http_plan(http)
        socket_plan(tcp.removeprefix("tcp://"), udp.removeprefix("udp://"))
        cases = [(s, k) for s in scenarios() for k in KINDS if only in s.name]
        print("1..%d" % len(cases))
        for i, (scenario, kind) in enumerate(cases, 1):
            last, outcomes, faults = sweep(scenario, libraries, kind, stride)
            for text in faults:
                print("# " + text.replace("\n", "\n# "))
            table = ", ".join("%s x%d" % item for item in sorted(outcomes.items()))
            print("# %s, %s %s errno %d: N to %d: %s" % (scenario.name, *kind, last, table or "never called"))
            print("%sok %d - %s survives every failing %s (%s, errno %d)" % (
                "not " if faults else "", i, scenario.name, *kind), flush=True)
    finally:
        target.terminate()
        target.wait()


main()
