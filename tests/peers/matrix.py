#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every field of an HTTP task, by value and by server: a table, run.

    matrix.py FILE...

Each FILE is a table of tests/data/matrix, whose README says what a row is. All
rows with requests go through one ld-run, a run each, to an ld-target and an
nginx of their own; a row is judged by its samples and by what the servers
logged between the marks that stand around it. One line of TAP for each row.
"""
import collections
import concurrent.futures
import functools
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import matrix_fields  # noqa: E402
from matrix_fields import Wrong  # noqa: E402
import matrix_servers  # noqa: E402

TIMEOUT_S = 120
WORKERS = 4
SERVERS = ("target", "nginx", "tls", "none")
Row = collections.namedtuple("Row", "place field server task sent result")


# -- the table ----------------------------------------------------------------

def read_rows(path):
    """FIELD | SERVER [PATH] | TASK | SENT | RESULT; two blanks in front go
    on with the line before."""
    rows, lines = [], []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("  "):
                lines[-1][1] += " " + line.strip()
            elif line and not line.startswith("#"):
                lines.append([number, line])
    for number, line in lines:
        columns = [column.strip() for column in re.split(r" \|(?: |$)", line)]
        place = "%s:%d" % (os.path.basename(path), number)
        if len(columns) != 5 or columns[1].split()[0] not in SERVERS:
            sys.exit("%s: want FIELD | SERVER [PATH] | TASK | SENT | RESULT"
                     % place)
        rows.append(Row(place, *columns))
    return rows


def keep(number):
    """1.50 is to be sent as 1.50; no JSON has this character in a string."""
    return "\x01" + number


def dump(value):
    return re.sub(r'"\\u0001([^"]*)"', r"\1",
                  json.dumps(value, ensure_ascii=False))


def start_test(row, servers):
    """The arguments of LD_start_test that a row stands for."""
    server, _, path = row.server.partition(" ")
    text = servers.fill(row.task)
    try:
        given = json.loads(text, parse_float=keep) if text else {}
    except ValueError as error:
        sys.exit("%s: %s in %s" % (row.place, error, text))
    config = {"user_count": 1, "spawn_rate": 1000, "passes": 1, "wait": 0}
    if isinstance(given, dict) and "config" in given:
        config.update(given.pop("config"))
    tasks = given if isinstance(given, list) else [given]
    for task in tasks:
        if "method" not in task and "method" not in config.get("defaults", {}):
            task["method"] = "get"
        if path and "url" not in task and "request_url" not in task:
            task["url"] = servers.base(server) + path
    config["tasks"] = tasks
    return config


# -- requests: what a server logged --------------------------------------------

def split_log(lines, mark_of):
    """The requests behind each mark."""
    found, row = collections.defaultdict(list), None
    for line in lines:
        mark = mark_of(line)
        if mark is None:
            found[row].append(line)
        else:
            row = mark
    return found


def expand(text, separator):
    """The parts of a column; one that ends in xN stands N times."""
    parts = []
    for part in text.split(separator):
        match = re.match(r"(.*\S)\s+x(\d+)$", part.strip())
        parts += [match.group(1)] * int(match.group(2)) if match \
            else [part.strip()]
    return [part for part in parts if part and part != "-"]


def judge_fact(fact, request):
    if fact.startswith("-"):
        if request.header(fact[1:]):
            raise Wrong("%s was sent: %r" % (fact[1:], request.header(fact[1:])))
    elif fact.startswith(("= ", "~ ")):
        text = fact[2:]
        if text.startswith('"'):
            text = json.loads(text)
        if text != request.body and (fact[0] == "=" or
                                     text not in request.body):
            raise Wrong("body: wanted %s %r, found %r" % (
                fact[0], text, request.body))
    else:
        name, _, value = fact.partition(":")
        if value.strip() not in request.header(name):
            raise Wrong("%s: wanted %r, found %r" % (
                name, value.strip(), request.header(name)))


def judge_requests(row, servers, requests):
    wanted = expand(servers.fill(row.sent), " >> ")
    found = ["%s %s" % (r.method, r.target) for r in requests]
    lines = [want.split(" ; ")[0] for want in wanted]
    if lines != found:
        raise Wrong("wanted the requests %s, found %s" % (lines, found))
    for want, request in zip(wanted, requests):
        for fact in want.split(" ; ")[1:]:
            judge_fact(fact.strip(), request)


# -- samples -------------------------------------------------------------------

def judge_text(key, value, sample, servers):
    found = sample.get(key, "")
    if value not in str(found):
        raise Wrong("%s: wanted %r in %r" % (key, value, found))


def judge_sample(want, sample):
    want, _, text = want.partition(" ~ ")
    words = want.split()
    outcome = words.pop(0)
    found = sample["outcome"] if sample["outcome"] != "failure" \
        else sample["class"]
    if found != {"ok": "success"}.get(outcome, outcome):
        raise Wrong("wanted %s, found %s: %s" % (
            outcome, found, sample.get("text", "")))
    status = words.pop(0) if words else "-"
    if status != str(sample.get("status", "-")):
        raise Wrong("status: wanted %s, found %s" % (
            status, sample.get("status", "-")))
    wanted = {"hops": "0", "attempts": "1", "wire": "1"}
    wanted.update(word.split("=", 1) for word in words)
    for key, value in wanted.items():
        default = {"hops": 0, "attempts": 1, "wire": 1}.get(key)
        if str(sample.get(key, default)) != value:
            raise Wrong("%s: wanted %s, found %s" % (
                key, value, sample.get(key, default)))
    if text and text not in sample.get("text", ""):
        raise Wrong("text: wanted %r in %r" % (text, sample.get("text", "")))


def judge_run(row, servers, run, requests):
    wanted = expand(servers.fill(row.result), " >> ")
    conns = re.findall(r"conns=\d+", row.result)
    # Its answer came before all of it was sent: it is not counted.
    early = len(re.findall(r" early\b", row.result))
    wanted = [re.sub(r" (early|conns=\d+)", "", want) for want in wanted]
    samples = [record for record in run if record["type"] == "sample"]
    if len(samples) != len(wanted):
        raise Wrong("wanted %d samples, found %d" % (
            len(wanted), len(samples)))
    for want, sample in zip(wanted, samples):
        judge_sample(want, sample)
    judge_requests(row, servers, requests)
    wire = run[-1]["ledger"]["wire"] + early
    if wire != len(requests):
        raise Wrong("wire is %d, the server saw %d" % (wire, len(requests)))
    if conns and "conns=%d" % len({r.conn for r in requests}) != conns[0]:
        raise Wrong("wanted %s, found %d" % (
            conns[0], len({r.conn for r in requests})))


# -- all of it -----------------------------------------------------------------

def is_refused(row):
    return row.result.startswith("exit4 ")


def run_all(rows, servers):
    """The records of each row's run."""
    actions = []
    for number, row in enumerate(rows):
        actions.append(["LD_start_test", {
            "user_count": 1, "passes": 1, "wait": 0, "tasks": [
                {"method": "get", "url": "%s/mark/%d" % (base, number)}
                for base in servers.plain_bases()]}])
        actions.append(["LD_start_test", start_test(row, servers)])
    with open("matrix.json", "w", encoding="utf-8") as file:
        file.write(dump(actions))
    out = subprocess.run(["ld-run", "-q", "matrix.json"], check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         timeout=TIMEOUT_S)
    runs, run = [], []
    for line in out.stdout.splitlines():
        record = json.loads(line)
        if record["type"] == "begin":
            run = []
        run.append(record)
        if record["type"] == "end":
            runs.append(run)
            run = []
    if len(runs) != len(actions):
        sys.exit("%d runs of %d: %s" % (
            len(runs), len(actions), out.stderr.decode()))
    return runs[1::2]


def judge_refused(row, servers):
    """exit4 SNIPPET :: TEXT: exit 4, at the snippet, with the text."""
    snippet, text = re.split(r" ::(?: |$)",
                             servers.fill(row.result)[len("exit4 "):])
    plan = dump([["LD_start_test", start_test(row, servers)]])
    at = plan.find(snippet, plan.find('"tasks"'))
    if at < 0:
        at = plan.find(snippet)
    if at < 0:
        raise Wrong("no %r in the plan %s" % (snippet, plan))
    matrix_fields.expect_refused(plan, len(plan[:at].encode()) + 1, text)


def mark_of(request):
    match = re.match(r"/mark/(\d+)$", request.target)
    return int(match.group(1)) if match else None


def verdict(judge):
    try:
        judge()
    except Wrong as wrong:
        return str(wrong)
    return None


def judges(rows, servers):
    """(row, what judges it, or None where its server is not installed)."""
    here = [row for row in rows if servers.has_nginx or
            row.server.split()[0] in ("target", "none")]
    sent = [row for row in here if not is_refused(row)]
    runs = run_all(sent, servers)
    logs = [split_log(servers.requests(server), mark_of)
            for server in ("target", "nginx")]
    for row in rows:
        if row not in here:
            yield row, None
        elif is_refused(row):
            yield row, functools.partial(judge_refused, row, servers)
        else:
            i = sent.index(row)
            yield row, functools.partial(judge_run, row, servers, runs[i],
                                         logs[0][i] + logs[1][i])


def main():
    rows = [row for path in sys.argv[1:] for row in read_rows(path)]
    checks = matrix_fields.checks(rows)
    print("1..%d" % (len(rows) + len(checks)), flush=True)
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        with matrix_servers.Servers() as servers, \
                concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            found = [("%s: %s, %s %s %s" % (row.place, row.field, row.server,
                                            row.task, row.result),
                      judge and pool.submit(verdict, judge))
                     for row, judge in judges(rows, servers)]
            found += [(name, pool.submit(verdict, check))
                      for name, check in checks]
            for number, (name, future) in enumerate(found, 1):
                name = name.replace("#", "\\#")
                wrong = future and future.result()
                failed += wrong is not None
                print("%sok %d - %s%s" % (
                    "" if wrong is None else "not ", number, name,
                    "" if future else " # SKIP nginx is not installed"))
                if wrong is not None:
                    print("# " + wrong.replace("\n", "\n# "))
                sys.stdout.flush()
        os.chdir("/")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
