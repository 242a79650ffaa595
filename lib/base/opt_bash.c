/* SPDX-License-Identifier: MIT */
/*
 * Completion for bash, by its own means alone: nothing of the bash-completion
 * package is needed, though its loader finds the file by its name.
 *
 * Where nothing is said files are completed, by readline ("-o default"), which
 * knows best about quoting, "~" and what of the word it will replace.
 */
#include "config.h"

#include "base/opt_describe.h"

/* readline cuts at "=", ":" and "@" too; put together again what stands
 * together.  starts[i] is where words[i] begins in COMP_WORDS. */
static const char collect[] =
    "\tlocal line=${COMP_LINE:0:COMP_POINT} word i n=0 IFS=$' \\t\\n'\n"
    "\tlocal words=() starts=()\n\n"
    "\t# The words as they stand: readline cuts at = : @ too.\n"
    "\tfor ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "\t\tword=${COMP_WORDS[i]}\n"
    "\t\t((i < COMP_CWORD)) || word=${line#\"${line%%[![:blank:]]*}\"}\n"
    "\t\tif ((n > 0)) && [[ $line != [[:blank:]]* ]]; then\n"
    "\t\t\twords[n - 1]+=$word\n"
    "\t\telse\n"
    "\t\t\tline=${line#\"${line%%[![:blank:]]*}\"}\n"
    "\t\t\twords[n]=$word starts[n]=$i\n"
    "\t\t\t((++n))\n"
    "\t\tfi\n"
    "\t\tline=${line#\"$word\"}\n"
    "\tdone\n\n"
    "\t# A redirection wants a file.\n"
    "\t((COMP_CWORD > 0)) || return\n"
    "\t[[ ${COMP_WORDS[COMP_CWORD - 1]} != *[\\<\\>] ]] || return\n"
    "\t[[ ${COMP_WORDS[COMP_CWORD]} != *[\\<\\>] ]] || return\n\n";

/* What stands before the word decides what it is: `option` waits for a value,
 * or `operands` came and perhaps "--" did. */
static void
add_walk(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_adds(out,
	    "\tlocal cur=${words[n - 1]} prefix= option= operands=0 ended=\n"
	    "\tfor ((i = 1; i < n - 1; i++)); do\n"
	    "\t\tword=${words[i]} option=\n"
	    "\t\tif [[ $ended || $word == - || $word != -* ]]; then\n");
	if (page->runs_command)
		ld_buf_adds(out, "\t\t\tended=1\n"
				 "\t\t\t((operands > 0)) || "
				 "first=${starts[i]}\n");
	ld_buf_adds(out, "\t\t\t((++operands))\n"
			 "\t\telif [[ $word == -- ]]; then\n"
			 "\t\t\tended=1\n"
			 "\t\telif [[ $word =~ ^(--(");
	ldi_opt_add_valued(page, "|", out);
	ld_buf_adds(out, ")|-[");
	ldi_opt_add_letters(page, false, out);
	ld_buf_adds(out, "]*[");
	ldi_opt_add_letters(page, true, out);
	ld_buf_adds(out, "])$ ]]; then\n"
			 "\t\t\toption=$word\n"
			 "\t\t\t((++i))\n"
			 "\t\tfi\n"
			 "\tdone\n"
			 "\t((i == n)) || option=\n"
			 "\t[[ $option != -[!-]* ]] || option=-${option: -1}\n"
			 "\tif [[ ! $ended && ! $option && $cur == --*=* ]]; "
			 "then\n"
			 "\t\toption=${cur%%=*} prefix=$option=\n"
			 "\t\tcur=${cur#*=}\n"
			 "\tfi\n\n");
}

static void
add_pattern(const struct ld_opt *opt, struct ld_buf *out)
{
	ld_buf_adds(out, "\t");
	if (opt->letter != '\0')
		ld_buf_addf(out, "-%c | ", opt->letter);
	ld_buf_addf(out, "--%s) ", opt->name);
}

static void
add_value(const struct ld_opt *opt, struct ld_buf *out)
{
	switch (ldi_opt_guess(opt)) {
	case LDI_OPT_GUESS_WORDS:
		add_pattern(opt, out);
		ld_buf_adds(out, "offer='");
		ldi_opt_add_offers(opt, out);
		ld_buf_adds(out, "' ;;\n");
		break;
	case LDI_OPT_GUESS_FILES:
		add_pattern(opt, out);
		ld_buf_adds(out, "return ;;\n");
		break;
	case LDI_OPT_GUESS_DIRECTORIES:
		add_pattern(opt, out);
		ld_buf_adds(out, "compopt +o default -o dirnames; return ;;\n");
		break;
	case LDI_OPT_GUESS_NOTHING:
		break;
	}
}

/* The first operand, and those behind it. */
static void
add_operands(const struct ld_opt_page *page, struct ld_buf *out)
{
	if (page->runs_command) {
		ld_buf_adds(out,
		    "\telif [[ ! $option ]] && ((operands == 0)); then\n"
		    "\t\tCOMPREPLY=($(compgen -c -- \"$cur\"))\n"
		    "\t\treturn\n"
		    "\telif [[ ! $option ]]; then\n"
		    "\t\t! declare -F _command_offset >/dev/null ||\n"
		    "\t\t\t_command_offset \"$first\"\n"
		    "\t\treturn\n"
		    "\tfi\n");
		return;
	}
	if (page->words != NULL) {
		ld_buf_adds(out,
		    "\telif [[ ! $option ]] && ((operands == 0)); then\n"
		    "\t\toffer='");
		for (size_t i = 0; page->words[i].name != NULL; i++)
			ld_buf_addf(out, "%s%s", i == 0 ? "" : " ",
			    page->words[i].name);
		ld_buf_adds(out, "'\n");
	}
	ld_buf_adds(out, "\telif [[ ! $option ]]; then\n\t\treturn\n\tfi\n");
}

static void
add_options(const struct ld_opt_page *page, struct ld_buf *out)
{
	bool first = true;

	ld_buf_adds(out,
	    "\tif [[ ! $option && ! $ended && $cur == -* ]]; then\n"
	    "\t\toffer='");
	LDI_OPT_EACH_SHOWN(opt, page)
	{
		ld_buf_addf(out, "%s--%s", first ? "" : " ", opt->name);
		first = false;
	}
	ld_buf_adds(out, "'\n");
}

/* $2 is what readline will replace; what stands before it is there. */
static const char answer[] =
    "\tcompopt +o default\n"
    "\tCOMPREPLY=($(compgen -P \"$prefix\" -W \"$offer\" -- \"$cur\"))\n"
    "\tprefix+=$cur\n"
    "\tCOMPREPLY=(\"${COMPREPLY[@]#\"${prefix%\"$2\"}\"}\")\n"
    "}\n";

void
ldi_opt_bash(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_addf(out, "# bash completion for %s\n_", page->command);
	ldi_opt_add_identifier(page->command, out);
	ld_buf_adds(out, "()\n{\n");
	ld_buf_adds(out, collect);
	if (page->runs_command)
		ld_buf_adds(out, "\tlocal first=1\n");
	add_walk(page, out);
	ld_buf_adds(out, "\tlocal offer=\n\tcase $option in\n\t'') ;;\n");
	LDI_OPT_EACH_SHOWN(opt, page)
	if (ldi_opt_takes_value(opt))
		add_value(opt, out);
	ld_buf_adds(out, "\t*) compopt +o default; return ;;\n\tesac\n");
	add_options(page, out);
	add_operands(page, out);
	ld_buf_adds(out, answer);
	ld_buf_adds(out, "complete -o default -F _");
	ldi_opt_add_identifier(page->command, out);
	ld_buf_addf(out, " %s\n", page->command);
}
