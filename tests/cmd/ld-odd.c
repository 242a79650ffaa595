/* SPDX-License-Identifier: MIT */
/* A command whose texts hold all that shells might take for their own: to see
 * what their completions make of it. */
#include "config.h"

#include "common/cmd.h"

#define ODD \
	"a 'b' \"c\" [d] e:f $HOME ${g} `h` \\i {j,k} l* ~ %m (n) ; & | < > #"

struct config {
	struct cmd_common common;
	const char *output, *plain;
	struct ld_opt_list again;
	bool flag;
};

static const struct ld_opt options[] = {
	LD_OPT_FLAG('f', "flag", struct config, flag, ODD),
	LD_OPT_STRING('o', "output", struct config, output, "file", NULL, ODD),
	LD_OPT_STRING(0, "plain", struct config, plain, "x:[y]", NULL, ODD),
	LD_OPT_STRINGS('a', "again", struct config, again, "name=value", ODD),
	CMD_COMMON_OPTIONS(struct config),
};

static const struct ld_opt_word *
words(void)
{
	static const struct ld_opt_word list[] = { { "first", ODD },
		{ "second", ODD }, { NULL, NULL } };

	return list;
}

static enum cmd_exit
run(const void *config, int argc, char **argv, struct ld_err *err)
{
	(void)config;
	(void)argc;
	(void)argv;
	(void)err;
	return CMD_YES;
}

static const struct cmd ld_odd = {
	.name = "ld-odd",
	.summary = ODD,
	.operands = "word [file ...]",
	.options = options,
	.config_size = sizeof(struct config),
	.words_title = "words",
	.words = words,
	.run = run,
};

int
main(int argc, char **argv)
{
	return cmd_main(&ld_odd, argc, argv);
}
