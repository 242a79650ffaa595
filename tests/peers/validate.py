#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold JSON texts against the schemas that ld-run prints.

    validate.py [--2020] streams DIR   what tests/peers/capture.c has kept
    validate.py [--2020] lines SCHEMA [FILE...]  a record a line
    validate.py [--2020] text SCHEMA [FILE...]   one JSON text
    validate.py [--2020] verdicts [FILE]         accept or refuse, for each
                                                 line of tests/data/schemas
    validate.py [--2020] mutate SCHEMA FILE      each record changed for the
                                                 worse must be refused

SCHEMA is plan, action, result, summary or report, or a file.  Exit status: 0 all is
well, 1 something is not as the schema says, 77 no validator here.
"""
import json
import os
import re
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

# Records of the same shape (keys, and types of the values) that are looked
# at; the rest differ in values only.
PER_SHAPE = 25
MAX_MESSAGES = 10
COPY_BYTES = 512 << 10


def load_schema(name):
    if os.path.exists(name):
        with open(name, encoding="utf-8") as file:
            return json.load(file)
    return json.loads(subprocess.run(["ld-run", "--schema", name], check=True,
                                     stdout=subprocess.PIPE).stdout)


class Checker:
    def __init__(self, draft):
        self.draft = draft
        self.validators = {}
        self.seen = {}
        self.checked = 0
        self.counts = {}
        self.messages = []

    def validator(self, name):
        if name not in self.validators:
            schema = load_schema(name)
            self.draft.check_schema(schema)
            self.validators[name] = self.draft(schema)
        return self.validators[name]

    def valid(self, name, value):
        return self.validator(name).is_valid(value)

    def check(self, name, value, where, sampling=True):
        """Note what is wrong with a value."""
        self.counts[name] = self.counts.get(name, 0) + 1
        if sampling:
            key = (name, shape(value))
            self.seen[key] = self.seen.get(key, 0) + 1
            if self.seen[key] > PER_SHAPE:
                return
        self.checked += 1
        error = jsonschema.exceptions.best_match(
            self.validator(name).iter_errors(value))
        if error is not None:
            path = "".join("[%r]" % part for part in error.absolute_path)
            self.note("%s: not as the schema of %s says: %s%s" % (
                where, name, path and path + ": ", error.message[:300]))
            self.note("  in " + json.dumps(value)[:300])

    def note(self, text):
        if len(self.messages) < 2 * MAX_MESSAGES:
            self.messages.append(text)


def shape(value):
    """Keys and types, without the values but for words such as a type."""
    if isinstance(value, dict):
        return tuple((key, value[key] if key in ("type", "outcome", "event",
                                                 "command", "method")
                      and isinstance(value[key], str)
                      else shape(value[key])) for key in value)
    if isinstance(value, list):
        return tuple(sorted({repr(shape(item)) for item in value}))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (type(value).__name__, value < 0)
    return type(value).__name__


def records(text, where, torn_head=False):
    """(record, place) of a stream; a last line without its end is torn."""
    lines = text.split(b"\n")
    lines.pop()
    for number, line in enumerate(lines, 1):
        if (number == 1 and torn_head) or not line.strip():
            continue
        yield json.loads(line), "%s:%d" % (where, number)


# -- what was kept --------------------------------------------------------


def command_of(directory, process):
    try:
        with open(os.path.join(directory, process + ".cmd"), "rb") as file:
            return file.read().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def status_of(directory, process):
    try:
        with open(os.path.join(directory, process + ".exit")) as file:
            return int(file.read())
    except (OSError, ValueError):
        return None


def schema_of(text):
    """By the first record, as readers do."""
    first = json.loads(text.split(b"\n")[0]) if b"\n" in text else {}
    if first.get("type") == "begin":
        return "plan" if first.get("schema", "").startswith("ld.plan/") \
            else "result"
    return "result"


def check_output(checker, path, where):
    with open(path, "rb") as file:
        text = file.read()
    if " --compat" in where or " --explain" in where:
        return  # the original's shapes, and answers for people, have none
    if path.endswith((".t0", ".t1")):
        for record, place in records(text, where, torn_head=True):
            checker.check("result", record, place)
    elif text.startswith(b'{"type":'):
        name = schema_of(text)
        for record, place in records(text, where):
            checker.check(name, record, place)
    elif text.startswith(b'{"load_density"'):
        if len(text) < COPY_BYTES:
            checker.check("action", json.loads(text), where)
    elif text.startswith((b'{\n  "totals"', b'{\n  "stream"')):
        if len(text) < COPY_BYTES:
            document = json.loads(text)
            checker.check("report" if document.get("schema", "")
                .startswith("ld.report/") else "summary", document, where)
    elif text.startswith(b'{\n  "schema": "ld.report/'):
        if len(text) < COPY_BYTES:
            checker.check("report", json.loads(text), where)
    elif not text.startswith(b'{\n  "$schema"'):
        checker.note("%s: output that has no schema: %r" % (where, text[:80]))


def check_plan(checker, text, where):
    """A plan that was accepted."""
    if isinstance(text, bytes):
        if len(text) >= COPY_BYTES:
            return
        text = text.decode("utf-8-sig")
    if not text.lstrip().startswith(("[", "{")):
        return  # a CSV source
    decoder = json.JSONDecoder()
    first, _ = decoder.raw_decode(text.lstrip())
    if isinstance(first, dict) and isinstance(first.get("type"), str):
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                checker.check("plan", json.loads(line),
                              "%s:%d" % (where, number))
    else:
        checker.check("action", json.loads(text), where)


def inline_plans(arguments):
    options = ("-e", "--inline", "--execute_str")
    for at, argument in enumerate(arguments):
        if argument in options and at + 1 < len(arguments):
            yield arguments[at + 1]
        match = re.match(r"(?s)(--inline=|--execute_str=|-q?e(?=.))(.*)",
                         argument)
        if match:
            yield match.group(2)


def check_streams(checker, directory):
    entries = sorted(os.listdir(directory))
    # Whatever wrote a stream had accepted its plan.
    ran = {entry.split("-")[0] for entry in entries if entry.endswith(".out")}
    for entry in entries:
        process = re.match("[0-9]+", entry).group()
        kind = entry.rsplit(".", 1)[1]
        command = command_of(directory, process)
        where = " ".join(command)[:200].strip() or entry
        path = os.path.join(directory, entry)
        if kind in ("out", "t0", "t1"):
            check_output(checker, path, where)
        # --user may make sense of any fields.
        if (process not in ran and
                status_of(directory, process) not in (0, 1, 5, 6)) or \
                any(word.startswith("--user") for word in command):
            continue
        if kind == "in":
            with open(path, "rb") as file:
                check_plan(checker, file.read(), where)
        elif kind == "cmd" and "ld-run" in command[0]:
            for plan in inline_plans(command[1:]):
                check_plan(checker, plan, where)


# -- mutations ------------------------------------------------------------


def wrong(value):
    """Something of another type."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return 1.5
    return "wrong" if isinstance(value, (int, float)) else 7


OPTIONAL = {
    "sample": {"status", "hops", "attempts", "wire"},
    "event": {"users", "source", "rows", "sessions"},
    "action": {"run"},
    "interval": {"arrivals"},
}


def mutations(record):
    kind = record["type"]
    yield "an unknown key", {**record, "surprise": 1}
    for key in record:
        less = {k: v for k, v in record.items() if k != key}
        optional = key in OPTIONAL.get(kind, ()) or (
            kind == "interval" and key.endswith("_ns_sum")) or (
            kind == "sample" and key.endswith("_ns") and key not in
            ("intended_ns", "start_ns", "response_ns", "service_ns"))
        # Without its type a record is none; without its name it is another.
        if not optional:
            yield "no " + key, less
        if not (kind == "action" and key == "value"):
            yield "another type of " + key, {**record,
                                             key: wrong(record[key])}
        if isinstance(record[key], dict) and key != "value":
            yield "an unknown key in " + key, {
                **record, key: {**record[key], "surprise": 1}}
        if isinstance(record[key], int) and \
                not isinstance(record[key], bool):
            yield "a negative " + key, {**record, key: -1}


def mutate(checker, name, path):
    kinds = {}
    with open(path, "rb") as file:
        for record, place in records(file.read(), path):
            kinds.setdefault((record["type"], "name" in record,
                              record.get("outcome")), (record, place))
    for record, place in kinds.values():
        checker.check(name, record, place, sampling=False)
        for what, changed in mutations(record):
            checker.checked += 1
            if checker.valid(name, changed):
                checker.note("%s: accepted with %s" % (place, what))
    for kind in sorted({kind for kind, _, _ in kinds}):
        print("# mutated: " + kind)


# -- verdicts -------------------------------------------------------------


def verdict(checker, plan):
    """What the schemas say of a plan, which may be a stream."""
    first = json.loads(plan.split("\\n")[0])
    if not (isinstance(first, dict) and isinstance(first.get("type"), str)):
        return checker.valid("action", json.loads(plan))
    return all(checker.valid("plan", json.loads(line))
               for line in plan.split("\\n"))


def print_verdicts(checker, text):
    for line in text.decode("utf-8").split("\n"):
        if line and not line.startswith("#"):
            plan = line.partition(" ")[2]
            print("accept" if verdict(checker, plan) else "refuse", plan)


# -- the command line -----------------------------------------------------


def read_all(paths):
    if not paths:
        yield sys.stdin.buffer.read(), "-"
    for path in paths:
        with open(path, "rb") as file:
            yield file.read(), path


def main(arguments):
    draft = jsonschema.Draft7Validator
    if arguments[:1] == ["--2020"]:
        draft = jsonschema.Draft202012Validator
        arguments = arguments[1:]
    checker = Checker(draft)
    what, rest = arguments[0], arguments[1:]
    if what == "streams":
        check_streams(checker, rest[0])
        print("# seen of each schema: " + (", ".join(
            "%s %d" % count for count in sorted(checker.counts.items()))
            or "nothing"))
    elif what == "verdicts":
        for text, _ in read_all(rest):
            print_verdicts(checker, text)
        return 0
    elif what == "mutate":
        mutate(checker, rest[0], rest[1])
    else:
        for text, where in read_all(rest[1:]):
            for value, place in (records(text, where) if what == "lines"
                                 else [(json.loads(text), where)]):
                checker.check(rest[0], value, place, sampling=False)
    for message in checker.messages:
        print("# " + message)
    if what != "streams" and checker.checked == 0:
        print("# nothing to check")
        return 1
    return 1 if checker.messages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
