/* SPDX-License-Identifier: MIT */
/*
 * unit/curl_rows.h - command lines of curl, what their tasks hold, and how
 * many losses there are.  The files they name are made by test_curl.c.
 */
#ifndef CURL_ROWS_H
#define CURL_ROWS_H

#include "importers/curl.h"

#define AGENT "\"User-Agent\":\"curl/" LDI_CURL_VERSION "\""
#define FORM_TYPE "\"Content-Type\":\"application/x-www-form-urlencoded\""

struct row {
	const char *args; /* of curl; the option in its long form first */
	const char *has;  /* in the task */
	unsigned losses;
};

/* clang-format off */
static const struct row rows[] = {
	{ "http://h", "\"method\":\"get\",\"request_url\":\"http://h/\","
	    "\"headers\":{" AGENT ",\"Accept\":\"*/*\",\"Accept-Encoding\":null},"
	    "\"allow_redirects\":false}", 0 },
	{ "--basic -u a:b h", "\"auth\":{\"type\":\"basic\",\"username\":\"a\","
	    "\"password\":\"b\"}", 0 },
	{ "--digest --basic -u a:b h", "\"auth\":{\"type\":\"digest\"", 0 },
	{ "--http2 https://h", "\"allow_redirects\":false}", 0 },
	{ "--proxy p:1 h", "\"proxy\":\"http://p:1\"", 0 },
	{ "--proxy-basic --proxy p h", "\"proxy\":\"http://p:1080\"", 0 },
	{ "--proxy-user a:b -x [::1] h", "\"proxy\":\"http://a:b@[::1]:1080\"", 0 },
	{ "--proxy https://p/x h", "\"proxy\":\"https://p:443\"", 0 },
	{ "--proxy socks://p:1 h", "\"proxy\":\"socks4://p:1\"", 0 },
	{ "--socks4 p:1 h", "\"proxy\":\"socks4://p:1\"", 0 },
	{ "--socks4a p:1 h", "\"proxy\":\"socks4a://p:1\"", 0 },
	{ "--socks5 p:1 h", "\"proxy\":\"socks5://p:1\"", 0 },
	{ "--socks5-basic --socks5 p:1 h", "\"proxy\":\"socks5://p:1\"", 0 },
	{ "--socks5-hostname p:1 h", "\"proxy\":\"socks5h://p:1\"", 0 },
	{ "--cacert c.pem https://h", "\"verify\":\"c.pem\"", 0 },
	{ "--cert c.pem https://h", "\"cert\":\"c.pem\"", 0 },
	{ "--cert 'a\\:b:pw' https://h", "\"cert\":{\"cert\":\"a:b\",\"password\":\"pw\"}", 0 },
	{ "--cert-type pem --cert c https://h", "\"cert\":\"c\"", 0 },
	{ "--cert-type DER --cert c https://h", "\"allow_redirects\":false}", 1 },
	{ "--key k.pem -E c.pem https://h", "\"cert\":{\"cert\":\"c.pem\",\"key\":\"k.pem\"}", 0 },
	{ "--key-type PEM --key k -E c https://h", "\"key\":\"k\"", 0 },
	{ "--pass pw --key k -E c https://h", "\"cert\":{\"cert\":\"c\",\"key\":\"k\",\"password\":\"pw\"}", 0 },
	{ "--compressed h", "\"Accept-Encoding\":\"deflate, gzip, br\"", 0 },
	{ "--config conf", "\"method\":\"put\",\"request_url\":\"http://h/c\"", 0 },
	{ "--connect-to h:80:other:8080 http://h/x", "\"request_url\":\"http://other:8080/x\","
	    "\"headers\":{\"Host\":\"h\",", 0 },
	{ "--connect-to ::o: http://h:81/x", "\"request_url\":\"http://o:81/x\","
	    "\"headers\":{\"Host\":\"h:81\",", 0 },
	{ "--connect-to z:80:o:1 http://h/x", "\"request_url\":\"http://h/x\"", 0 },
	{ "--cookie 'a=b; c=d' h", "\"cookies\":\"a=b; c=d\"", 0 },
	{ "--cookie a=b -b c=d h", "\"cookies\":\"a=b;c=d\"", 0 },
	{ "--cookie none.txt h", "\"allow_redirects\"", 1 },
	{ "--cookie jar.txt http://www.h.x/p/q", "\"cookies\":\"long=1; tail=3; s=5; d=2\"", 0 },
	{ "--cookie jar.txt -j -b e=f http://h.x/", "\"cookies\":\"tail=3; d=2; e=f\"", 0 },
	{ "--junk-session-cookies -b jar.txt http://h.x/", "\"cookies\":\"tail=3; d=2\"", 0 },
	{ "--data a=b -d c h", "\"method\":\"post\",\"request_url\":\"http://h/\","
	    "\"headers\":{" AGENT ",\"Accept\":\"*/*\",\"Accept-Encoding\":null," FORM_TYPE "},"
	    "\"data\":\"a=b&c\"", 0 },
	{ "--data @lines.txt h", "\"data\":\"ab\"", 0 },
	{ "--data '' h", "\"data\":\"\"", 0 },
	{ "--data-ascii @lines.txt h", "\"data\":\"ab\"", 0 },
	{ "--data-binary @lines.txt h", "\"data\":\"a\\r\\nb\\n\"", 0 },
	{ "--data-binary @nul.bin h", "\"data_base64\":\"AAEC/w==\"", 0 },
	{ "--data-binary @large.bin h", "\"data_file\":\"large.bin\"", 0 },
	{ "--data-raw @x h", "\"data\":\"@x\"", 0 },
	{ "--data-raw $'\\xff' h", "\"data_base64\":\"/w==\"", 0 },
	{ "--data-urlencode 'a b' h", "\"data\":\"a+b\"", 0 },
	{ "--data-urlencode '=a&b' h", "\"data\":\"a%26b\"", 0 },
	{ "--data-urlencode 'n=\xc3\xa9' h", "\"data\":\"n=%C3%A9\"", 0 },
	{ "--data-urlencode @lines.txt h", "\"data\":\"a%0D%0Ab%0A\"", 0 },
	{ "--data-urlencode n@lines.txt h", "\"data\":\"n=a%0D%0Ab%0A\"", 0 },
	{ "--disable h", "\"allow_redirects\"", 0 },
	{ "--form a=b h", "\"files\":[{\"name\":\"a\",\"content\":\"b\"}]", 0 },
	{ "--form 'f=@x.html' h", "\"files\":[{\"name\":\"f\",\"content\":\"<b>\","
	    "\"filename\":\"x.html\",\"type\":\"text/html\"}]", 0 },
	{ "--form 'f=<x.html;type=a/b; c=d' h", "{\"name\":\"f\",\"content\":\"<b>\",\"type\":\"a/b; c=d\"}", 0 },
	{ "--form 'f=@nul.bin;filename=\"q\\\"\"' h", "{\"name\":\"f\",\"base64\":\"AAEC/w==\","
	    "\"filename\":\"q\\\"\",\"type\":\"application/octet-stream\"}", 0 },
	{ "--form 'f=@large.bin' h", "{\"name\":\"f\",\"path\":\"large.bin\",\"filename\":\"large.bin\","
	    "\"type\":\"application/octet-stream\"}", 0 },
	{ "--form 'a=\"x;y\" ;headers=\"X-A: b\"' h", "{\"name\":\"a\",\"content\":\"x;y\",\"headers\":{\"X-A\":\"b\"}}", 0 },
	{ "--form 'a=b;headers=@heads.txt' h", "\"headers\":{\"X-A\":\"1\",\"X-B\":\"2\"}", 0 },
	{ "--form 'a=b;nix=c' h", "\"content\":\"b\"}", 1 },
	{ "--form a=b -H 'Content-Type: multipart/form-data' h", "\"Accept-Encoding\":null},\"files\":[", 0 },
	{ "--form a=b -H 'Content-Type: a/b' h", "\"Content-Type\":\"a/b; boundary=------------------------0000000000000000\"},"
	    "\"data\":\"--------------------------0000000000000000\\r\\nContent-Disposition: attachment; "
	    "name=\\\"a\\\"\\r\\n\\r\\nb\\r\\n", 0 },
	{ "--form 'a=(' -F =b -F '=)' h", "Content-Type: multipart/mixed; boundary=------------------------0000000000000001\\r\\n"
	    "\\r\\n--------------------------0000000000000001\\r\\n\\r\\nb\\r\\n", 0 },
	{ "--form 'a=@x.html,lines.txt' h", "Content-Disposition: attachment; filename=\\\"lines.txt\\\"", 0 },
	{ "--form 'a=@nul.bin;encoder=base64' h", "Content-Transfer-Encoding: base64\\r\\n\\r\\nAAEC/w==\\r\\n", 0 },
	{ "--form-escape -F 'a\"=b' h", "name=\\\"a\\\\\\\"\\\"\\r\\n", 0 },
	{ "--form-string 'a=@x;type=b' h", "{\"name\":\"a\",\"content\":\"@x;type=b\"}", 0 },
	{ "--get -d a=b -d c=%2F h/?x", "\"method\":\"get\",\"request_url\":\"http://h/?x&a=b&c=%2f\"", 0 },
	{ "--globoff 'http://h/[1]{a}'", "\"request_target\":\"/[1]{a}\"", 0 },
	{ "--head h", "\"method\":\"head\"", 0 },
	{ "--header 'X: y' h", "\"X\":\"y\"}", 0 },
	{ "--header 'X;' h", "\"X\":\"\"}", 0 },
	{ "--header 'Accept:' -H 'user-agent:' h", "\"headers\":{\"Accept-Encoding\":null,\"Accept\":null,\"user-agent\":null}", 0 },
	{ "--header 'X: a' -H 'x:b' h", "\"X\":[\"a\",\"b\"]", 0 },
	{ "--header @heads.txt h", "\"X-A\":\"1\",\"X-B\":\"2\"", 0 },
	{ "--header 'nix' -H ':a: b' -H 'Y; z' h", "\"Accept-Encoding\":null}", 3 },
	{ "--header 'Connection: x' -H 'Transfer-Encoding: chunked' -d a h", FORM_TYPE "}", 2 },
	{ "--header 'Content-Length: 1' -d a h", FORM_TYPE "}", 0 },
	{ "--header 'Content-Length: 9' -d a h", FORM_TYPE "}", 1 },
	{ "--header 'Content-Type:' -d a h", "\"Content-Type\":null}", 0 },
	{ "--header 'Content-Type: x/y' -d a h", "\"Content-Type\":\"x/y\"}", 0 },
	{ "--header 'Authorization: x' -u a:b h", "\"Authorization\":\"x\"},\"allow", 0 },
	{ "--header 'Cookie: x' -b a=b h", "\"Cookie\":\"x\"},\"allow", 0 },
	{ "--http1.0 h", "\"http_version\":\"1.0\"", 0 },
	{ "--http1.0 --http1.1 h", "\"allow_redirects\":false}", 0 },
	{ "--insecure https://h", "\"verify\":false", 0 },
	{ "--insecure http://h", "\"allow_redirects\":false}", 0 },
	{ "--insecure -L http://h", "\"verify\":false", 0 },
	{ "--json '{\"a\":1}' h", "\"Accept-Encoding\":null,\"Content-Type\":\"application/json\","
	    "\"Accept\":\"application/json\"},\"data\":\"{\\\"a\\\":1}\"", 0 },
	{ "--json [ --json ] -H 'accept: x' h", "\"accept\":\"x\",\"Content-Type\":\"application/json\"},\"data\":\"[]\"", 0 },
	{ "--location -c jar h", "\"Accept-Encoding\":null},\"allow_redirects\":true,\"max_redirects\":50}", 1 },
	{ "--location h", "\"Cookie\":null},\"allow_redirects\":true,\"max_redirects\":50}", 0 },
	{ "--location -X POST h", "\"method\":\"post\"", 1 },
	{ "--location-trusted h", "\"allow_redirects\":true,\"max_redirects\":50,\"trust_redirects\":true}", 0 },
	{ "--max-redirs 3 -L h", "\"max_redirects\":3", 0 },
	{ "--max-redirs -1 -L h", "\"max_redirects\":1000", 1 },
	{ "--max-time 1.5 h", "\"timeout\":1.5", 0 },
	{ "--max-time 0 h", "\"allow_redirects\":false}", 1 },
	{ "--oauth2-bearer t h", "\"auth\":{\"type\":\"bearer\",\"token\":\"t\"}", 0 },
	{ "--path-as-is http://h/a/../b", "\"request_url\":\"http://h/a/../b\"", 0 },
	{ "--post301 -L h", "\"redirect_post\":[301]", 0 },
	{ "--post302 --post303 -L h", "\"redirect_post\":[302,303]", 0 },
	{ "--post303 h", "\"allow_redirects\":false}", 0 },
	{ "--proto-default https h", "\"request_url\":\"https://h/\"", 0 },
	{ "--range 0-4 h", "\"headers\":{\"Range\":\"bytes=0-4\"," AGENT, 0 },
	{ "--range 5 h", "\"Range\":\"bytes=5-\"", 0 },
	{ "--range 0-4 -d ab h", "\"Content-Range\":\"bytes 0-4/2\"", 0 },
	{ "--referer http://r h", "\"Referer\":\"http://r\"", 0 },
	{ "--referer 'http://r;auto' h", "\"Referer\":\"http://r\"", 1 },
	{ "--request PATCH h", "\"method\":\"patch\"", 0 },
	{ "--request patch h", "\"method\":\"patch\"", 1 },
	{ "--request PURGE h", "\"method\":\"PURGE\"", 0 },
	{ "--request-target '*' -X OPTIONS h", "\"request_target\":\"*\"", 0 },
	{ "--resolve h:80:127.0.0.1 h", "\"allow_redirects\"", 0 },
	{ "--time-cond 'Tue, 04 Nov 2025 10:00:00 GMT' h", "\"If-Modified-Since\":\"Tue, 04 Nov 2025 10:00:00 GMT\"", 0 },
	{ "--time-cond '-2025-11-04 12:00:00 +0200' h", "\"If-Unmodified-Since\":\"Tue, 04 Nov 2025 10:00:00 GMT\"", 0 },
	{ "--time-cond lines.txt h", "\"If-Modified-Since\":\"Fri, 13 Feb 2009 23:31:30 GMT\"", 0 },
	{ "--time-cond never h", "\"allow_redirects\"", 1 },
	{ "--unix-socket /a/b%c http://h:1/x", "\"request_url\":\"http+unix://%2Fa%2Fb%25c/x\",\"headers\":{\"Host\":\"h:1\"", 0 },
	{ "--upload-file x.html http://h/d/", "\"method\":\"put\",\"request_url\":\"http://h/d/x.html\"", 0 },
	{ "--upload-file x.html h/d", "\"request_url\":\"http://h/d\",\"headers\":{" AGENT ",\"Accept\":\"*/*\","
	    "\"Accept-Encoding\":null,\"Content-Type\":null,\"Expect\":\"100-continue\"},\"data\":\"<b>\"", 0 },
	{ "--url h", "\"request_url\":\"http://h/\"", 0 },
	{ "--url-query 'a=b c' --url-query +d=%2F h?x", "\"request_url\":\"http://h/?x&a=b+c&d=%2f\"", 0 },
	{ "--user a h", "\"username\":\"a\",\"password\":\"\"", 1 },
	{ "--user a:b:c h", "\"username\":\"a\",\"password\":\"b:c\"", 0 },
	{ "--user a:b --digest h", "\"auth\":{\"type\":\"digest\",\"username\":\"a\",\"password\":\"b\"}", 0 },
	{ "--user a:b --ntlm h", "\"allow_redirects\":false}", 2 },
	{ "--user-agent x h", "\"User-Agent\":\"x\"", 0 },
	{ "--user-agent '' h", "\"User-Agent\":null", 0 },
};
/* clang-format on */

#endif /* CURL_ROWS_H */
