# SPDX-License-Identifier: MIT
# Usage: ld-run --schema NAME | awk -v want=DEFINITION [-v types=1]
#            [-v chooser=KEY] -f man-fields.awk
# The properties of a definition of a schema as an mdoc list, with what they may
# be under `types`, without the KEY that chooses it.  A DEFINITION that ends in
# a dot stands for all that begin so, which become a list of lists.  The writer
# of the schemas puts each property on a line of its own, so lines will do.

# The JSON string behind `"key":` in `text`; found says whether there is one.
function string(text, key,    at, c, out) {
	found = 0
	at = index(text, "\"" key "\":\"")
	if (at == 0)
		return ""
	found = 1
	for (at += length(key) + 4; (c = substr(text, at, 1)) != "\""; at++) {
		if (c == "\\")
			c = substr(text, ++at, 1)
		out = out c
	}
	return out
}

# The bare value behind `"key":`.
function value(text, key,    at) {
	at = index(text, "\"" key "\":")
	if (at == 0)
		return ""
	text = substr(text, at + length(key) + 3)
	if (text ~ /^"/)
		return string("\"v\":" text, "v")
	match(text, /^[^,}\]]*/)
	return substr(text, 1, RLENGTH)
}

function roff(text) {
	gsub(/\\/, "\\e", text)
	if (text ~ /^[.']/)
		text = "\\&" text
	return text
}

# A first word that is one of the plan's own stays as it is.
function sentence(text) {
	if (text !~ /^[a-z]*( =|[_:=])/ && text !~ /^(true|false|null|jq)[ ,]/)
		text = toupper(substr(text, 1, 1)) substr(text, 2)
	return roff(text) (text ~ /[.]$/ ? "" : ".")
}

# Where the array or object that begins at `at` ends.
function closing(text, at,    depth, c, quoted) {
	for (depth = 0; (c = substr(text, at, 1)) != ""; at++) {
		if (c == "\\")
			at++
		else if (c == "\"")
			quoted = !quoted
		else if (!quoted && c ~ /[[{]/)
			depth++
		else if (!quoted && c ~ /[]}]/ && --depth == 0)
			return at
	}
	return at
}

# The schemas of which a value needs to fit one, one a line: those of anyOf, and
# of an anyOf in there, or the schema itself.
function alternatives(text,    at, out, one, end) {
	at = index(text, "\"anyOf\":[")
	if (at == 0)
		return "{" text "\n"
	for (at += 9; substr(text, at, 1) == "{"; at = end + 2) {
		end = closing(text, at)
		one = substr(text, at, end - at + 1)
		out = out (one ~ /^\{"anyOf":/ ? alternatives(one) : one "\n")
	}
	return out
}

# What one schema takes, in a word.
function word_of(one,    word) {
	if (one ~ /"pattern":"\^\(\?:/ || one ~ /^\{"enum"/)
		return "word"
	if (match(one, /^\{"\$ref":"#\/definitions\/[a-z_0-9]*/))
		word = substr(one, 24, RLENGTH - 23)
	else if (match(one, /^\{"type":\[?"[a-z]*"/)) {
		word = substr(one, 1, RLENGTH)
		gsub(/^\{"type":\[?"|"$/, "", word)
		if (one ~ /^\{"type":\["boolean","string"\]/)
			word = "true, false or string"
	}
	if (one ~ /^\{"type":"array".*"items":\{"\$ref"/)
		return "array of objects"
	if (word in words)
		word = words[word]
	return word == "null" || word == "placeholder" ? "" : word
}

# What a value may be.
function kind(text,    n, one, i, word, out) {
	n = split(alternatives(text), one, "\n")
	for (i = 1; i <= n; i++) {
		word = word_of(one[i])
		if (word != "" && index(out " or ", word " or ") == 0)
			out = out (out == "" ? "" : " or ") word
	}
	return out
}

# [gG][eE][tT]|... as words, or the members of an enum, one a line.
function choices(text,    n, one, i, list) {
	n = split(alternatives(text), one, "\n")
	for (i = 1; i <= n; i++) {
		if (word_of(one[i]) != "word")
			continue
		list = string(one[i], "pattern")
		if (!found) {
			match(one[i], /"enum":\[[^]]*\]/)
			list = substr(one[i], RSTART + 8, RLENGTH - 9)
			gsub(/"/, "", list)
			gsub(/,/, "\n", list)
			return list
		}
		sub(/^\^\(\?:/, "", list)
		sub(/\)\$$/, "", list)
		while (match(list, /\[[a-z][A-Z]\]/))
			list = substr(list, 1, RSTART - 1) \
			    substr(list, RSTART + 1, 1) substr(list, RSTART + 4)
		gsub(/[][]/, "", list)
		gsub(/\|/, "\n", list)
		return list
	}
	return ""
}

function one_of(list,    n, word, i, out) {
	n = split(list, word, "\n")
	if (n < 2)
		return ""
	out = "One of\n"
	for (i = 1; i <= n; i++)
		out = out ".Cm " word[i] \
		    (i == n ? " .\n" : i == n - 1 ? "\nor\n" : " ,\n")
	return out
}

# One property: its names and what it may be, then what it is.
function item(def, i,    text, out, word, value_, list) {
	text = row[def, i]
	list = one_of(choices(shape[def, i]))
	word = kind(shape[def, i])
	if (required[def, name[def, i]])
		word = word (word != "" ? ", " : "") "required"
	out = ".It Cm " name[def, i]
	if (alias[def, i] != "")
		out = out " , " alias[def, i]
	if (types && word != "")
		out = out " Pq " word
	out = out "\n" sentence(string(text, "description")) "\n" list
	value_ = value(text, "default")
	if (value_ != "")
		out = out "The default is\n.Cm " roff(value_) \
		    (word == "duration" ? "\nseconds.\n" : " .\n")
	return out
}

function list_of_later(def,    i, out) {
	for (i = 1; i <= n[def]; i++)
		if (later[def, i])
			out = out (out == "" ? "" : " ,\n") ".Cm " name[def, i]
	return out == "" ? "" : ".Pp\nKnown, but not in this build, so that " \
	    "they may only be null or what they are by\ndefault:\n" out " .\n"
}

function longest(def,    i, out) {
	for (i = 1; i <= n[def]; i++)
		if (length(name[def, i]) > length(out))
			out = name[def, i]
	return out "XX"
}

function show(def, compact,    i) {
	if (n[def] == 0) {
		print "None of its own."
		return
	}
	if (types)
		print ".Bl -tag -width Ds" compact
	else
		print ".Pp\n.Bl -tag -width " longest(def) " -compact"
	for (i = 1; i <= n[def]; i++)
		if (!later[def, i])
			printf "%s", item(def, i)
	print ".El"
	printf "%s", list_of_later(def)
}

BEGIN {
	words["count"] = words["integer"] = "whole number"
	words["pairs"] = "object"
	words["bool"] = "true or false"
	words["user"] = "user type"
	words["assertion"] = words["extractor"] = words["csv_source"] = \
	    words["stage"] = "array of objects"
	words["arrival"] = words["task"] = "object"
	words["boolean"] = "true or false"
	prefix = want ~ /[.]$/
	defs = 0
}

/^    "[^"]*": \{/ {
	match($0, /"[^"]*"/)
	at = substr($0, RSTART + 1, RLENGTH - 2)
	wanted = prefix ? index(at, want) == 1 : at == want
	if (wanted)
		order[++defs] = at
	# What a task must have, the driver's table does not say by itself.
	holder = at
	sub(/\.whole_task$/, ".task_fields", holder)
}

/\{"required":\["/ || /^      "required": \[/ {
	text = $0
	gsub(/"required": ?/, "", text)
	if (text !~ /"properties"/ && text !~ /"if"/)
		while (match(text, /"[^"]*"/)) {
			required[holder, substr(text, RSTART + 1, RLENGTH - 2)] = 1
			text = substr(text, RSTART + RLENGTH)
		}
}

wanted && /^        "[^"]*": \{.*"description":/ {
	match($0, /"[^"]*"/)
	key = substr($0, RSTART + 1, RLENGTH - 2)
	if (key == chooser)
		next
	text = substr($0, RSTART + RLENGTH + 2)
	if (string(text, "description") ~ "^the same as ") {
		alias[at, n[at]] = key
		next
	}
	name[at, ++n[at]] = key
	row[at, n[at]] = text
	match(text, /"description":"([^"\\]|\\.)*",?/)
	text = substr(text, RSTART + RLENGTH)
	sub(/^"default":("([^"\\]|\\.)*"|[^,}]*),?/, "", text)
	shape[at, n[at]] = text
	later[at, n[at]] = row[at, n[at]] ~ /\(not in this build\)"/
}

END {
	# A driver that is left out, or a module, has none in this build.
	if (defs == 0 && want ~ /[.]/) {
		print "Its keys are not listed here: this build has no such driver inside."
		exit
	}
	if (defs == 0) {
		print "man-fields: no definition " want > "/dev/stderr"
		exit 1
	}
	if (!prefix) {
		show(want, "")
		exit
	}
	print ".Bl -tag -width Ds"
	for (d = 1; d <= defs; d++) {
		print ".It Cm " substr(order[d], length(want) + 1)
		show(order[d], " -compact")
	}
	print ".El"
}
