/* SPDX-License-Identifier: MIT */
/* Files with authorities, certificates and keys; settings that are shared. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/limits.h>

#include "net/tls.h"
#include "peers/tls_fixture.h"

static char cert_file[64], key_file[64], secret_file[64], both_file[64];
static char empty_file[64], other_key_file[64], other_curve_file[64];

static int
make_files(void **state)
{
	struct tls_want want = { .name = "curved",
		.curve = "P-384",
		.from_s = -HOUR,
		.to_s = HOUR };
	struct tls_identity me, other, curved;
	int fd;

	tls_fixture_make(state);
	me = issued(NULL, -HOUR, HOUR);
	other = issued(NULL, -HOUR, HOUR);
	curved = tls_identity_make(&want);
	tls_identity_save(&me, false, cert_file);
	tls_identity_save(&me, true, both_file);
	tls_identity_save_key(&me, NULL, key_file);
	tls_identity_save_key(&me, "hush-hush", secret_file);
	tls_identity_save_key(&other, NULL, other_key_file);
	tls_identity_save_key(&curved, NULL, other_curve_file);
	snprintf(empty_file, sizeof(empty_file), "/tmp/ld-test-XXXXXX");
	fd = mkstemp(empty_file);
	close(fd);
	tls_identity_clear(&me);
	tls_identity_clear(&other);
	tls_identity_clear(&curved);
	return fd < 0;
}

static int
drop_files(void **state)
{
	const char *files[] = { cert_file, key_file, secret_file, both_file,
		empty_file, other_key_file, other_curve_file };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(files[i]);
	return tls_fixture_drop(state);
}

/* Refused, and what is said before and after the file's name. */
static void
refused(const struct ld_tls_options *options, const char *before,
    const char *file, const char *after)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_tls *made = NULL;
	char text[400];

	assert_int_equal(ld_tls_new(options, &made, &err), LD_INVALID);
	assert_null(made);
	snprintf(text, sizeof(text), "%s '%s'%s", before, file, after);
	assert_string_equal(err.text, text);
	assert_null(strstr(err.text, "hush"));
}

static void
accepted(const struct ld_tls_options *options)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_tls *made = NULL;

	if (ld_tls_new(options, &made, &err) != LD_OK)
		fail_msg("%s", err.text);
	assert_int_equal(ld_tls_load(made, NULL), LD_OK);
	ld_tls_free(made);
}

static void
authorities_come_from_a_pem_file(void **state)
{
	struct ld_tls_options options = { .ca_file = ca_file };

	(void)state;
	accepted(&options);
	options.ca_file = both_file; /* the key beside it does no harm */
	accepted(&options);
	options.ca_file = "/nonexistent/ca.pem";
	refused(&options, "CA file", options.ca_file,
	    ": no such file or directory");
	options.ca_file = empty_file;
	refused(&options, "CA file", options.ca_file,
	    " holds no certificate (PEM)");
	options.ca_file = key_file;
	refused(&options, "CA file", options.ca_file,
	    " holds no certificate (PEM)");
	options.ca_file = "/tmp";
	refused(&options, "cannot read CA file", options.ca_file,
	    ": Is a directory");
}

static void
a_certificate_and_its_key_come_from_one_file_or_two(void **state)
{
	struct ld_tls_options options = { .cert_file = both_file };

	(void)state;
	accepted(&options);
	options.cert_file = cert_file;
	options.key_file = key_file;
	accepted(&options);
	options.key_file = NULL;
	refused(&options, "private key", cert_file, " holds no key (PEM)");
	options.cert_file = key_file;
	refused(&options, "client certificate", key_file,
	    " holds no certificate (PEM)");
	options.cert_file = "/nonexistent/me.pem";
	refused(&options, "client certificate", options.cert_file,
	    ": no such file or directory");
	options.cert_file = cert_file;
	options.key_file = "/nonexistent/key.pem";
	refused(&options, "private key", options.key_file,
	    ": no such file or directory");
	options.cert_file = NULL;
	refused(&options, "private key", options.key_file,
	    " without a certificate");
}

static void
a_key_of_another_certificate_is_refused(void **state)
{
	struct ld_tls_options options = { .cert_file = cert_file,
		.key_file = other_key_file };
	char text[200];

	(void)state;
	snprintf(text, sizeof(text), " is not that of client certificate '%s'",
	    cert_file);
	refused(&options, "private key", other_key_file, text);
	options.key_file = other_curve_file;
	refused(&options, "private key", other_curve_file, text);
}

/* OpenSSL would ask the terminal. */
static void
a_password_opens_a_key_and_is_never_asked_for(void **state)
{
	struct ld_tls_options options = { .cert_file = cert_file,
		.key_file = secret_file };

	(void)state;
	refused(&options, "private key", secret_file,
	    " is encrypted, and there is no password");
	options.password = "hush";
	refused(&options, "private key", secret_file,
	    " cannot be decrypted with this password");
	options.password = "hush-hush";
	accepted(&options);
	options.key_file = key_file;
	refused(&options, "private key", key_file,
	    " is not encrypted: a password has no effect");
}

static void
a_file_without_end_is_not_read_to_it(void **state)
{
	struct ld_tls_options options = { .ca_file = "/dev/zero" };

	(void)state;
	refused(&options, "CA file", "/dev/zero", " is larger than 16 MiB");
}

static void
settings_of_a_run_are_made_once(void **state)
{
	struct ld_tls_options plain = { 0 }, careless = { .insecure = true };
	struct ld_tls_options own = { .ca_file = ca_file };
	struct ld_tls_options me = { .cert_file = both_file };
	struct ld_tls_set *set;
	struct ld_tls *a, *b, *c, *d, *same;

	(void)state;
	assert_int_equal(ldi_tls_set_new(NULL, NULL, &set, NULL), LD_OK);
	assert_int_equal(ld_tls_set_get(set, &plain, &a, NULL), LD_OK);
	assert_int_equal(ld_tls_set_get(set, &careless, &b, NULL), LD_OK);
	assert_int_equal(ld_tls_set_get(set, &own, &c, NULL), LD_OK);
	assert_int_equal(ld_tls_set_get(set, &me, &d, NULL), LD_OK);
	assert_true(a != b && a != c && a != d && b != c && b != d && c != d);
	assert_int_equal(ld_tls_set_get(set, &plain, &same, NULL), LD_OK);
	assert_ptr_equal(same, a);
	assert_int_equal(ld_tls_set_get(set, &careless, &same, NULL), LD_OK);
	assert_ptr_equal(same, b);
	assert_int_equal(ld_tls_set_get(set, &own, &same, NULL), LD_OK);
	assert_ptr_equal(same, c);
	assert_int_equal(ld_tls_set_get(set, &me, &same, NULL), LD_OK);
	assert_ptr_equal(same, d);
	ld_tls_expect(c);
	assert_int_equal(ld_tls_set_load(set, NULL), LD_OK);
	ld_tls_set_free(set);
}

static void
a_ca_file_is_read_once(void **state)
{
	struct ld_tls_options plain = { 0 }, me = { .cert_file = both_file };
	struct ld_tls_set *set;
	struct ld_tls *a, *b;
	char file[64];

	(void)state;
	tls_identity_save(&ca, false, file);
	assert_int_equal(ldi_tls_set_new(file, NULL, &set, NULL), LD_OK);
	unlink(file);
	assert_int_equal(ld_tls_set_get(set, &plain, &a, NULL), LD_OK);
	assert_int_equal(ld_tls_set_get(set, &me, &b, NULL), LD_OK);
	assert_ptr_not_equal(a, b);
	me.ca_file = file;
	assert_int_equal(ld_tls_set_get(set, &me, &a, NULL), LD_OK);
	assert_ptr_equal(a, b);
	ld_tls_set_free(set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(authorities_come_from_a_pem_file),
		cmocka_unit_test(
		    a_certificate_and_its_key_come_from_one_file_or_two),
		cmocka_unit_test(a_key_of_another_certificate_is_refused),
		cmocka_unit_test(a_password_opens_a_key_and_is_never_asked_for),
		cmocka_unit_test(a_file_without_end_is_not_read_to_it),
		cmocka_unit_test(settings_of_a_run_are_made_once),
		cmocka_unit_test(a_ca_file_is_read_once),
	};

	return cmocka_run_group_tests(tests, make_files, drop_files);
}
