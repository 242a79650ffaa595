/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <ld/limits.h>

#include "net/pins.h"

static struct ld_pins *pins;

static int
setup(void **state)
{
	(void)state;
	pins = ld_pins_new();
	return pins == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	ld_pins_free(pins);
	return 0;
}

static void
add(const char *text)
{
	struct ld_err err = LD_ERR_INIT;

	if (ld_pins_add(pins, text, &err) != LD_OK)
		fail_msg("%s", err.text);
}

/* The addresses of a name, in order: "127.0.0.1 ::1". */
static void
expect(const char *host, uint16_t port, const char *addrs)
{
	const struct ldi_pin *pin = ldi_pins_find(pins, host, port);
	char found[1024] = "", one[64];

	for (unsigned i = 0; pin != NULL && i < pin->n_addrs; i++) {
		ldi_addr_host(&pin->addrs[i], one, sizeof(one));
		if (i > 0)
			strncat(found, " ", sizeof(found) - strlen(found) - 1);
		strncat(found, one, sizeof(found) - strlen(found) - 1);
	}
	assert_string_equal(found, addrs);
}

static void
refused(const char *text, const char *why)
{
	struct ld_err err = LD_ERR_INIT;

	assert_int_equal(ld_pins_add(pins, text, &err), LD_INVALID);
	assert_string_equal(err.text, why);
}

static void
a_name_is_pinned_for_one_port(void **state)
{
	(void)state;
	add("shop.test:443:127.0.0.1");
	expect("shop.test", 443, "127.0.0.1");
	expect("shop.test", 80, "");
	expect("shop.tes", 443, "");
	expect("shop.test1", 443, "");
	expect("", 443, "");
}

static void
names_match_in_any_case_and_without_a_final_dot(void **state)
{
	(void)state;
	add("Shop.Test.:443:127.0.0.1");
	expect("sHOP.tEST", 443, "127.0.0.1");
	expect("shop.test.", 443, "127.0.0.1");
	expect("shop.test..", 443, "");
}

static void
addresses_of_both_families_keep_their_order(void **state)
{
	(void)state;
	add("a:1:::1,127.0.0.1,[::2],[127.0.0.3]");
	expect("a", 1, "::1 127.0.0.1 ::2 127.0.0.3");
}

static void
an_address_may_be_pinned_to_another(void **state)
{
	(void)state;
	add("192.0.2.1:80:127.0.0.1");
	add("[2001:db8::1]:80:127.0.0.2");
	expect("192.0.2.1", 80, "127.0.0.1");
	expect("2001:db8::1", 80, "127.0.0.2");
}

static void
a_star_is_any_name_that_has_no_pin_of_its_own(void **state)
{
	(void)state;
	add("a.test:80:127.0.0.1");
	add("*:80:127.0.0.2");
	expect("a.test", 80, "127.0.0.1");
	expect("b.test", 80, "127.0.0.2");
	expect("b.test", 81, "");
}

static void
of_two_pins_the_later_holds(void **state)
{
	(void)state;
	add("a:80:127.0.0.1");
	add("*:80:127.0.0.8");
	add("A:80:127.0.0.2");
	add("*:80:127.0.0.9");
	expect("a", 80, "127.0.0.2");
	expect("b", 80, "127.0.0.9");
}

static void
a_plus_in_front_means_nothing(void **state)
{
	(void)state;
	add("+a:80:127.0.0.1");
	expect("a", 80, "127.0.0.1");
}

static void
what_is_no_pin_is_refused_with_its_fault(void **state)
{
	(void)state;
	refused("", "'' is not HOST:PORT:ADDRESS[,ADDRESS]...");
	refused("a", "'a' is not HOST:PORT:ADDRESS[,ADDRESS]...");
	refused("a:80", "'a:80' is not HOST:PORT:ADDRESS[,ADDRESS]...");
	refused("a:80:", "'a:80:' is not HOST:PORT:ADDRESS[,ADDRESS]...");
	refused(":80:::1", "':80:::1' is not HOST:PORT:ADDRESS[,ADDRESS]...");
	refused("+", "'+' is not HOST:PORT:ADDRESS[,ADDRESS]...");
	refused(
	    "a:80:::1,", "'a:80:::1,' is not HOST:PORT:ADDRESS[,ADDRESS]...");
	refused("a:0:::1", "'0' is not a port from 1 to 65535");
	refused("a:65536:::1", "'65536' is not a port from 1 to 65535");
	refused("a:http:::1", "'http' is not a port from 1 to 65535");
	refused("a:80:b", "'b' is neither an IPv4 nor an IPv6 address");
	refused(
	    "a:80:127.0.0.1,,::1", "'' is neither an IPv4 nor an IPv6 address");
	refused("a:80:127.1", "'127.1' is neither an IPv4 nor an IPv6 address");
	refused("-a:80", "'-a:80' removes what nothing adds: leave it out");
	expect("a", 80, "");
}

static void
their_number_is_bounded(void **state)
{
	char text[1024] = "a:80:127.0.0.1";

	(void)state;
	for (int i = 1; i < LDI_MAX_ADDRS; i++)
		strncat(text, ",::1", sizeof(text) - strlen(text) - 1);
	add(text);
	strncat(text, ",::1", sizeof(text) - strlen(text) - 1);
	refused(text, "more than 16 addresses for 'a'");
	for (int i = 1; i < LD_MAX_PINS; i++) {
		snprintf(text, sizeof(text), "n%d:80:::1", i);
		add(text);
	}
	refused("b:80:::1", "more than 1000 names with addresses");
}

/* "host:port" that a connection leads to. */
static void
leads(const char *host, uint16_t port, const char *want)
{
	char found[200];

	ldi_pins_lead(pins, &host, &port);
	snprintf(found, sizeof(found), "%s:%u", host, (unsigned)port);
	assert_string_equal(found, want);
}

static void
connect_to(const char *text)
{
	struct ld_err err = LD_ERR_INIT;

	if (ld_pins_connect_to(pins, text, &err) != LD_OK)
		fail_msg("%s", err.text);
}

static void
a_host_and_port_lead_to_others(void **state)
{
	(void)state;
	leads("a.test", 80, "a.test:80");
	connect_to("A.test:80:b.test:8080");
	connect_to("c.test.::127.0.0.1:");
	connect_to("d.test:443::8443");
	connect_to("[::1]:1:[::2]:2");
	leads("a.TEST.", 80, "b.test:8080");
	leads("a.test", 81, "a.test:81");
	leads("a.tes", 80, "a.tes:80");
	leads("c.test", 7, "127.0.0.1:7");
	leads("d.test", 443, "d.test:8443");
	leads("::1", 1, "::2:2");
}

static void
the_first_that_matches_leads_and_only_once(void **state)
{
	(void)state;
	connect_to("a:80:b:81");
	connect_to("b:81:c:82");
	connect_to("a:80:never:1");
	connect_to(":443:d:444");
	connect_to("::e:");
	leads("a", 80, "b:81");
	leads("x", 443, "d:444");
	leads("x", 80, "e:80");
}

static void
what_leads_nowhere_is_refused_with_its_fault(void **state)
{
	static const char *const bad[] = { "", "a", "a:1", "a:1:b",
		"a:1::", ":::" };
	struct ld_err err = LD_ERR_INIT;
	char want[200];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(want, sizeof(want),
		    "'%s' is not HOST1:PORT1:HOST2:PORT2, with one of the "
		    "last two",
		    bad[i]);
		assert_int_equal(
		    ld_pins_connect_to(pins, bad[i], &err), LD_INVALID);
		assert_string_equal(err.text, want);
	}
	assert_int_equal(ld_pins_connect_to(pins, "a:0:b:1", &err), LD_INVALID);
	assert_string_equal(err.text, "'0' is not a port from 1 to 65535");
	assert_int_equal(
	    ld_pins_connect_to(pins, "a:1:b:1:c", &err), LD_INVALID);
	assert_string_equal(err.text, "'1:c' is not a port from 1 to 65535");
	leads("a", 1, "a:1");
}

static void
without_pins_nothing_is_found(void **state)
{
	(void)state;
	assert_null(ldi_pins_find(NULL, "a", 80));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_name_is_pinned_for_one_port),
		T(names_match_in_any_case_and_without_a_final_dot),
		T(addresses_of_both_families_keep_their_order),
		T(an_address_may_be_pinned_to_another),
		T(a_star_is_any_name_that_has_no_pin_of_its_own),
		T(of_two_pins_the_later_holds),
		T(a_plus_in_front_means_nothing),
		T(what_is_no_pin_is_refused_with_its_fault),
		T(their_number_is_bounded),
		T(a_host_and_port_lead_to_others),
		T(the_first_that_matches_leads_and_only_once),
		T(what_leads_nowhere_is_refused_with_its_fault),
		T(without_pins_nothing_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
