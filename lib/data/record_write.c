/* SPDX-License-Identifier: MIT */
/*
 * Samples, intervals and health as lines of the result stream.
 *
 * A sample is written once per exchange, so its line is copied together from
 * constants and digits straight into the caller's memory; what is the same in
 * every sample of a step was rendered before, into the head.
 */
#include "config.h"

#include <string.h>

#include <ld/limits.h>
#include <ld/record.h>

#include "base/utf8.h"
#include "data/number.h"

/* Copies a literal; returns where it ends. */
#define PUT(at, literal)                                      \
	((char *)memcpy((at), literal, sizeof(literal) - 1) + \
	    sizeof(literal) - 1)

/* More than the constants and digits of any tail, text apart. */
#define TAIL_MAX 1024
/* A byte becomes at most an escape of six. */
#define TEXT_FACTOR 6

static const struct {
	const char *text;
	size_t len;
} phase_keys[LD_PHASE_N] = {
#define PHASE_KEY(id, name) { ",\"" name "_ns\":", sizeof(name) + 6 },
	LD_PHASE_MAP(PHASE_KEY)
#undef PHASE_KEY
};

static void
add_member(struct ld_buf *out, const char *key, struct ld_str value)
{
	ld_buf_adds(out, key);
	ld_json_add_string(out, value.data, value.len);
}

static void
add_series(struct ld_buf *out, const struct ld_series_key *series)
{
	add_member(out, ",\"user_type\":", series->user_type);
	add_member(out, ",\"request_type\":", series->request_type);
	add_member(out, ",\"name\":", series->name);
}

static void
add_number(struct ld_buf *out, const char *key, uint64_t value)
{
	ld_buf_adds(out, key);
	ld_buf_add_u64(out, value);
}

static void
add_head(struct ld_buf *out, const struct ld_sample *sample)
{
	add_member(out, "{\"type\":\"sample\",\"run\":", sample->run);
	add_series(out, &sample->series);
	add_number(out, ",\"task\":", sample->task);
	ld_buf_adds(out, sample->open_model ? ",\"arrival\":" : ",\"user\":");
}

static char *
put_hex(char *at, unsigned code)
{
	static const char hex[] = "0123456789abcdef";

	at = PUT(at, "\\u");
	for (int shift = 12; shift >= 0; shift -= 4)
		*at++ = hex[code >> shift & 15];
	return at;
}

/* Text of any bytes as the inside of a JSON string: what ld_json_add_chars()
 * does, into memory that is known to be large enough. */
static char *
put_text(char *at, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		unsigned char c = (unsigned char)*text;
		uint32_t code;
		size_t n = 1;

		if (c == '"' || c == '\\') {
			*at++ = '\\';
			*at++ = *text;
		} else if (c >= 0x20 && c < 0x80) {
			*at++ = *text;
		} else if (c < 0x20) {
			at = put_hex(at, c);
		} else if ((n = ldi_utf8_decode(
				text, (size_t)(end - text), &code)) == 0) {
			at = PUT(at, "\xef\xbf\xbd");
			n = 1;
		} else if (code == 0x2028 || code == 0x2029) {
			at = put_hex(at, code);
		} else {
			memcpy(at, text, n);
			at += n;
		}
		text += n;
	}
	return at;
}

static char *
put_outcome(char *at, const struct ld_sample *sample)
{
	const char *name;
	size_t len;

	if (sample->outcome == LD_SUCCESS)
		return PUT(at, ",\"outcome\":\"success\"");
	if (sample->outcome == LD_ABORTED)
		return PUT(at, ",\"outcome\":\"aborted\"");
	at = PUT(at, ",\"outcome\":\"failure\",\"class\":\"");
	name = ld_class_name(sample->cls);
	len = strlen(name);
	memcpy(at, name, len);
	at = PUT(at + len, "\",\"text\":\"");
	at = put_text(at, sample->text.data, sample->text.len);
	*at++ = '"';
	return at;
}

static char *
put_times(char *at, const struct ld_sample *sample)
{
	at = PUT(at, ",\"pass\":");
	at = ldi_u64_put(at, sample->pass);
	at = PUT(at, ",\"intended_ns\":");
	at = ldi_u64_put(at, sample->intended_ns);
	at = PUT(at, ",\"start_ns\":");
	at = ldi_u64_put(at, sample->start_ns);
	at = PUT(at, ",\"response_ns\":");
	at = ldi_u64_put(at, sample->response_ns);
	at = PUT(at, ",\"service_ns\":");
	at = ldi_u64_put(at, sample->service_ns);
	for (int i = 0; i < LD_PHASE_N; i++) {
		if (sample->phase_ns[i] == 0)
			continue;
		memcpy(at, phase_keys[i].text, phase_keys[i].len);
		at = ldi_u64_put(at + phase_keys[i].len, sample->phase_ns[i]);
	}
	return at;
}

/* Everything behind the key "user" or "arrival". */
static char *
put_tail(char *at, const struct ld_sample *sample)
{
	at = ldi_u64_put(at, sample->key);
	at = put_times(at, sample);
	if (sample->status >= 0) {
		at = PUT(at, ",\"status\":");
		at = ldi_u64_put(at, (uint32_t)sample->status);
	}
	at = PUT(at, ",\"bytes_out\":");
	at = ldi_u64_put(at, sample->bytes_out);
	at = PUT(at, ",\"bytes_in\":");
	at = ldi_u64_put(at, sample->bytes_in);
	at = put_outcome(at, sample);
	if (sample->hops != 0) {
		at = PUT(at, ",\"hops\":");
		at = ldi_u64_put(at, sample->hops);
	}
	if (sample->attempts != 1) {
		at = PUT(at, ",\"attempts\":");
		at = ldi_u64_put(at, sample->attempts);
	}
	if (sample->wire != 1) {
		at = PUT(at, ",\"wire\":");
		at = ldi_u64_put(at, sample->wire);
	}
	return PUT(at, "}\n");
}

static size_t
tail_bound(size_t text_len)
{
	return TAIL_MAX + TEXT_FACTOR * text_len;
}

void
ld_sample_write(const struct ld_sample *sample, struct ld_buf *out)
{
	size_t bound = tail_bound(sample->text.len);
	char *at;

	add_head(out, sample);
	if (ld_buf_reserve(out, bound) != LD_OK)
		return;
	at = out->data + out->len;
	out->len += (size_t)(put_tail(at, sample) - at);
}

enum ld_status
ld_sample_head_init(struct ld_sample_head *head,
    const struct ld_sample *constant, struct ld_err *err)
{
	enum ld_status st;

	ld_buf_init(&head->text, LD_MAX_LINE);
	add_head(&head->text, constant);
	st = ld_buf_status(&head->text, "the head of a sample", err);
	if (st != LD_OK)
		ld_buf_clear(&head->text);
	return st;
}

void
ld_sample_head_clear(struct ld_sample_head *head)
{
	ld_buf_clear(&head->text);
}

size_t
ld_sample_bound(const struct ld_sample_head *head, size_t text_len)
{
	return head->text.len + tail_bound(text_len);
}

size_t
ld_sample_format(
    const struct ld_sample_head *head, const struct ld_sample *sample, char *at)
{
	memcpy(at, head->text.data, head->text.len);
	return (size_t)(put_tail(at + head->text.len, sample) - at);
}

static void
add_failures(struct ld_buf *out, const struct ld_failure_group *group, size_t n)
{
	ld_buf_adds(out, ",\"failures\":[");
	for (size_t i = 0; i < n; i++, group++) {
		ld_buf_adds(out, i ? ",{\"class\":\"" : "{\"class\":\"");
		ld_buf_adds(out, ld_class_name(group->cls));
		add_member(out, "\",\"text\":", group->text);
		add_number(out, ",\"count\":", group->count);
		add_number(out, ",\"first_ns\":", group->first_ns);
		add_number(out, ",\"last_ns\":", group->last_ns);
		ld_buf_addc(out, '}');
	}
	ld_buf_addc(out, ']');
}

#define PHASE_SUM(id, name) ",\"" name "_ns_sum\":",
static const char *const phase_sum_keys[LD_PHASE_N] = { LD_PHASE_MAP(
    PHASE_SUM) };

void
ld_interval_write(const struct ld_interval *interval, struct ld_buf *out)
{
	add_member(out, "{\"type\":\"interval\",\"run\":", interval->run);
	add_number(out, ",\"second\":", interval->second);
	add_series(out, &interval->series);
	ld_buf_adds(out, ",\"ledger\":");
	ld_ledger_write(&interval->ledger, out);
	add_number(out, ",\"users\":", interval->users);
	add_number(out, ",\"bytes_out\":", interval->bytes_out);
	add_number(out, ",\"bytes_in\":", interval->bytes_in);
	for (size_t i = 0; i < LD_PHASE_N; i++)
		if (interval->phase_ns[i] != 0)
			add_number(
			    out, phase_sum_keys[i], interval->phase_ns[i]);
	ld_buf_adds(out, ",\"response\":");
	ld_hist_write(interval->response, out);
	ld_buf_adds(out, ",\"service\":");
	ld_hist_write(interval->service, out);
	add_failures(out, interval->failures, interval->n_failures);
	ld_buf_adds(out, "}\n");
}

void
ld_health_write(const struct ld_health *health, struct ld_buf *out)
{
	add_member(out, "{\"type\":\"interval\",\"run\":", health->run);
	add_number(out, ",\"second\":", health->second);
	ld_buf_adds(out, ",\"ledger\":");
	ld_ledger_write(&health->ledger, out);
	add_number(out, ",\"users\":", health->users);
	add_number(out, ",\"late\":", health->late);
	if (health->arrivals != UINT64_MAX)
		add_number(out, ",\"arrivals\":", health->arrivals);
	ld_buf_adds(out, ",\"lag\":");
	ld_hist_write(health->lag, out);
	ld_buf_adds(out, ",\"cpu_ns\":[");
	for (size_t i = 0; i < health->n_threads; i++) {
		if (i)
			ld_buf_addc(out, ',');
		ld_buf_add_u64(out, health->cpu_ns[i]);
	}
	add_number(out, "],\"descriptors\":", health->descriptors);
	add_number(out, ",\"rss_bytes\":", health->rss_bytes);
	ld_buf_adds(out, "}\n");
}
