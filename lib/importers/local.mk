# Sources of this layer, appended to libldall_la_SOURCES.
libldall_la_SOURCES += %D%/curl.c %D%/curl.h %D%/curl_args.c \
	%D%/curl_body.c %D%/curl_body.h \
	%D%/curl_cmd.c %D%/curl_config.c %D%/curl_cookies.c %D%/curl_date.c \
	%D%/curl_emit.c %D%/curl_emit.h %D%/curl_file.c %D%/curl_form.c \
	%D%/curl_glob.c %D%/curl_headers.c %D%/curl_headers.h \
	%D%/curl_multipart.c %D%/curl_options.c %D%/curl_options.h \
	%D%/curl_proxy.c \
	%D%/curl_quote.c %D%/curl_task.h %D%/curl_url.c %D%/curl_url.h \
	%D%/curl_words.c %D%/curl_write.c
libldall_la_SOURCES += %D%/har.c %D%/har.h %D%/har_body.c %D%/har_headers.c \
	%D%/har_pairs.c %D%/importers.h %D%/origin.c %D%/origin.h \
	%D%/registry.c %D%/sink.c %D%/sink.h
