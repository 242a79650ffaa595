/* SPDX-License-Identifier: MIT */
/*
 * curl_multi USERS SECONDS URL: the load of a closed model as libcurl's manual
 * shows it, with one multi handle, curl_multi_poll() and curl_multi_perform();
 * nothing is recorded.  What make bench holds http_user against.
 */
#include "config.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static size_t
drop(char *data, size_t size, size_t n, void *ctx)
{
	(void)data, (void)ctx;
	return size * n;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
add(CURLM *multi, const char *url)
{
	CURL *easy = curl_easy_init();

	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
	curl_multi_add_handle(multi, easy);
}

static void
again(CURLM *multi)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;

		curl_multi_remove_handle(multi, easy);
		curl_multi_add_handle(multi, easy);
	}
}

int
main(int argc, char **argv)
{
	int64_t end_ms;
	CURLM *multi;
	int running;

	if (argc != 4)
		return 2;
	curl_global_init(CURL_GLOBAL_ALL);
	multi = curl_multi_init();
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, atol(argv[1]));
	for (long i = 0; i < atol(argv[1]); i++)
		add(multi, argv[3]);
	end_ms = now_ms() + (int64_t)(atof(argv[2]) * 1000);
	while (now_ms() < end_ms) {
		curl_multi_perform(multi, &running);
		again(multi);
		curl_multi_poll(multi, NULL, 0, 100, NULL);
	}
	return 0;
}
