# SPDX-License-Identifier: MIT
# Usage: awk -v out=DIRECTORY -f blocks.awk DOCUMENT...
# The blocks of text in documents that stand out from the prose: of Markdown
# those between fences and those indented by four blanks, of manual pages .Bd
# -literal and .Dl.  Each becomes a file DIRECTORY/DOCUMENT.NUMBER.KIND, where
# KIND is sh, json or text.

function name_of(path) {
	sub(/.*\//, "", path)
	return path
}

# What it is: said by the fence, else by its first word.
function kind_of(word, first) {
	if (word == "sh" || word == "json")
		return word
	if (word != "")
		return "text"
	sub(/\n.*/, "", first)
	sub(/^[ \t$]+/, "", first)
	if (first ~ /^(\[|\{|")/)
		return "json"
	sub(/^([A-Za-z_]+=[^ ]* +)+/, "", first)
	if (first ~ /^(ld-[a-z]+|[a-z./-]+\.sh|make|build-aux\/[a-z]+|jq|curl|awk|cat|cd|cp|cut|diff|echo|env|export|find|for|grep|head|if|join|mkdir|mv|printf|rm|sed|set|sleep|sort|ssh|tail|tee|test|time|timeout|while|xargs|wc|\.|!)( |$)/)
		return "sh"
	return "text"
}

function end_block(path, kind) {
	inside = 0
	if (block == "")
		return
	kind = kind_of(language, block)
	path = sprintf("%s/%s.%03d.%s", out, document, ++number, kind)
	printf "%s", block >path
	close(path)
	block = language = ""
}

function unescape(line) {
	gsub(/\\&/, "", line)
	gsub(/\\-/, "-", line)
	gsub(/\\\(aq/, "'", line)
	gsub(/\\\(dq/, "\"", line)
	gsub(/\\\(ti/, "~", line)
	gsub(/\\\(ha/, "^", line)
	gsub(/\\ /, " ", line)
	gsub(/\\e/, "\\", line)
	return line
}

FNR == 1 {
	if (inside)
		end_block()
	document = name_of(FILENAME)
	# README.md of the examples is not that of the tree.
	if (FILENAME ~ /examples\//)
		document = "examples-" document
	is_page = document !~ /\.md$/
	number = inside = 0
	blank = 1
}

is_page && /^\.Bd .*-literal/ { inside = 1; next }
is_page && /^\.Ed/ { end_block(); next }
is_page && /^\.Dl / {
	block = unescape(substr($0, 5)) "\n"
	end_block()
	next
}
is_page && inside { block = block unescape($0) "\n"; next }
is_page { next }

/^```/ {
	if (inside == 2) {
		end_block()
	} else {
		if (inside)
			end_block()
		inside = 2
		language = substr($0, 4)
	}
	next
}
inside == 2 { block = block $0 "\n"; next }
/^    / && (inside || blank) {
	inside = 1
	block = block substr($0, 5) "\n"
	next
}
inside { end_block() }
{ blank = /^$/ }

END {
	if (inside)
		end_block()
}
