# SPDX-License-Identifier: MIT
"""Tables of fields against the rows of tests/peers/matrix.py.

ld-run --schema plan is made from the tables that plans are read by. So it tells
which fields there are, and which values a field does not take.
"""
import json
import os
import re
import subprocess
import tempfile

import jsonschema

# Values of every kind, one of which is wrong for most fields.
VALUES = (True, -1, 1.5, "text", [[]], {"a": {"b": 1}})
TASK = {"method": "get", "url": "http://127.0.0.1:1/"}


class Wrong(Exception):
    """What was wanted, and what was found."""


def expect_refused(plan, column, *texts, end=None):
    """Exit status 4 with a place at `column` (or up to `end`) of the plan's
    line, and one of the texts."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", dir=".",
                                     encoding="utf-8") as file:
        file.write("\n" + plan)
        file.flush()
        name = os.path.basename(file.name)
        out = subprocess.run(["ld-run", "-q", name], check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             timeout=60)
    message = out.stderr.decode()
    if out.returncode != 4:
        raise Wrong("exit status %d: %s" % (out.returncode, message or plan))
    if out.stdout:
        raise Wrong("something was written: %s" % out.stdout[:200])
    match = re.match(r"ld-run: %s:2:(\d+): " % re.escape(name), message)
    if match is None:
        raise Wrong("no place in: " + message)
    found = int(match.group(1))
    if not column <= found <= (end or column):
        raise Wrong("wanted column %d%s, found %s" % (
            column, " to %d" % end if end else "", message))
    if texts and not any(text in message for text in texts):
        raise Wrong("wanted %s in: %s" % (" or ".join(texts), message))


def load():
    return json.loads(subprocess.run(["ld-run", "--schema", "plan"],
                                     check=True,
                                     stdout=subprocess.PIPE).stdout)


def properties(schema, name):
    return schema["definitions"][name]["properties"]


def task_fields(schema):
    return {**properties(schema, "task_fields"),
            **properties(schema, "http1.task_fields")}


def config_fields(schema):
    return {**properties(schema, "config_fields"),
            **properties(schema, "http1.config_fields")}


def kinds(schema, name):
    prefix = name + "."
    return [key[len(prefix):] for key in schema["definitions"]
            if key.startswith(prefix)]


def slips(word):
    """The word with one letter missing, one changed, one too many."""
    middle = len(word) // 2
    return (word[:middle] + word[middle + 1:], word[:-1] + "q",
            word[:middle] + "q" + word[middle:])


def is_slip_of(wrong, word):
    return any(wrong[:i] + wrong[i + cut:] == word[:i] + word[i + add:]
               for i in range(len(wrong) + 1)
               for cut, add in ((1, 1), (0, 1), (1, 0)))


def slip_check(name, fields, wrong, at):
    """at: what puts a member in front of a plan."""
    near = [word for word in fields if is_slip_of(wrong, word)]

    def check():
        plan, column = at('"%s": null' % wrong)
        expect_refused(plan, column, *("did you mean '%s'" % word
                                       for word in near))
    return ("%s, misspelt as %s, is refused with its place and a near name" % (
        name, wrong), check)


def in_task(member):
    front = '[["LD_start_test", {"passes": 1, "tasks": [{'
    return front + member + ", " + json.dumps(TASK)[1:] + "]}]]", \
        len(front) + 1


def in_config(member):
    front = '[["LD_start_test", {'
    return front + member + ', "passes": 1, "tasks": [' + json.dumps(TASK) + \
        "]}]]", len(front) + 1


def in_assertion(kind):
    def at(member):
        front = '[["LD_start_test", {"tasks": [{"assertions": [{'
        return '%s%s, "type": "%s"}], %s]}]]' % (
            front, member, kind, json.dumps(TASK)[1:]), len(front) + 1
    return at


def in_extractor(kind):
    def at(member):
        front = '[["LD_start_test", {"tasks": [{"extract": [{'
        return '%s%s, "from": "%s"}], %s]}]]' % (
            front, member, kind, json.dumps(TASK)[1:]), len(front) + 1
    return at


def slip_checks(fields, what, at, every=False):
    for name in fields:
        found = slips(name)
        for wrong in found if every else [found[len(name) % len(found)]]:
            if wrong not in fields and len(wrong) > 1:
                yield slip_check("%s %s" % (what, name), fields, wrong, at)


def type_checks(schema, name, what, at):
    """Values that the schema does not take for the field are refused."""
    validator = jsonschema.Draft7Validator({
        "definitions": schema["definitions"], "anyOf": [name[1]]})

    for value in VALUES:
        text = json.dumps(value)
        if validator.is_valid(value):
            continue

        def check(text=text):
            member = '"%s": %s' % (name[0], text)
            plan, column = at(member)
            expect_refused(plan, column, end=column + len(member))
        yield ("%s %s is not %s" % (what, name[0], text), check)


def covered(rows, fields, what):
    """Is there a row for each of them?"""
    have = {word.strip() for row in rows for word in row.field.split(",")}

    def check():
        without = [name for name in fields if name not in have]
        if without:
            raise Wrong("without a row: " + ", ".join(without))
        if what == "field":
            known = set(fields)
            unknown = [name for name in have
                       if "." not in name and name not in known]
            if unknown:
                raise Wrong("rows of no field: " + ", ".join(unknown))
    return ("every %s has a row" % what, check)


def without(fields, *names):
    return {key: value for key, value in fields.items() if key not in names}


def checks(rows):
    """[(name, check)] of what the tables say, rows apart."""
    schema = load()
    task, config = task_fields(schema), config_fields(schema)
    found = [
        covered(rows, task, "field"),
        covered(rows, ["assertions." + kind
                       for kind in kinds(schema, "assertion")],
                "kind of assertion"),
        covered(rows, ["extract." + kind
                       for kind in kinds(schema, "extractor")],
                "kind of extractor"),
    ]
    found += slip_checks(task, "task:", in_task, every=True)
    found += slip_checks(config, "config:", in_config)
    for name, at in (("assertion", in_assertion), ("extractor", in_extractor)):
        for kind in kinds(schema, name):
            fields = properties(schema, "%s.%s" % (name, kind))
            found += slip_checks(fields, "%s %s:" % (name, kind), at(kind))
    # A task has one method and one URL: the wrong one would be the second.
    for name in without(task, "method", "url", "request_url").items():
        found += type_checks(schema, name, "task:", in_task)
    for name in without(config, "passes", "tasks").items():
        found += type_checks(schema, name, "config:", in_config)
    return found
