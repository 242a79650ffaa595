/* SPDX-License-Identifier: MIT */
/*
 * action_value.h - execute a document and look at its action records.
 */
#ifndef TESTS_ACTION_VALUE_H
#define TESTS_ACTION_VALUE_H

#include "load.h"

/* Execute it and give the text of its stream, valid until the next call. */
const char *actions_stream(struct load *load, const char *plan);
/* Execute [[command, args]] and give its value, "failed: " and the error of
 * its record, or "refused: " and why nothing was executed.  `args` is JSON. */
const char *action_value(const char *command, const char *args);

#endif /* TESTS_ACTION_VALUE_H */
