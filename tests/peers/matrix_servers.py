# SPDX-License-Identifier: MIT
"""An ld-target and an nginx for tests/peers/matrix.py, and their logs."""
import base64
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request

# "hello brotli hello brotli hello brotli", by the reference encoder.
BROTLI = bytes.fromhex("1b2500f81da9539fbb702d5686262741d8e8922ded2d888a065e66"
                       "fc02")

LOCATIONS = r"""
    location = /page { default_type text/plain; return 200 "a page\n"; }
    location = /json { default_type application/json;
        return 200 '{"id":12345678901234567890,"list":[{"x":"y"}],"t":"z"}'; }
    location /echo { proxy_pass http://127.0.0.1:%(port)d/inner;
        proxy_http_version 1.1; client_body_buffer_size 64k; }
    location = /inner { access_log off; return 200 "inner\n"; }
    location = /error { return 500; }
    location = /cut { return 444; }
    location = /close { keepalive_timeout 0; return 200 "once\n"; }
    location = /three { keepalive_requests 3; return 200 "three\n"; }
    location = /204 { return 204; }
    location = /304 { return 304; }
    location = /coded.txt { gzip on; gzip_min_length 0;
        gzip_types *; }
    location = /plain.txt { }
    location = /br.bin { add_header Content-Encoding br; }
    location = /slow.bin { limit_rate 1000; }
    location = /until-close.shtml { ssi on; chunked_transfer_encoding off; }
    location = /chunked.shtml { ssi on; }
    location = /small { client_max_body_size 100; proxy_pass
        http://127.0.0.1:%(port)d/inner; }
    location = /auth { auth_basic "r"; auth_basic_user_file users; alias
        plain.txt; }
    location = /301 { return 301 /page; }
    location = /302 { return 302 /page; }
    location = /303 { return 303 /page; }
    location = /307 { return 307 /page; }
    location = /308 { return 308 /page; }
    location = /loop { return 302 /loop; }
    location = /away { return 302 http://localhost:%(port)d/page; }
    location = /verified { return 200 "verify=$ssl_client_verify\n"; }
    location = /cookie { add_header Set-Cookie "a=1; Path=/"; return 200 "c\n"; }
    location /mark/ { return 404; }
"""

CONFIG = r"""
daemon off;
master_process off;
pid nginx.pid;
error_log nginx.error;
events { worker_connections 256; }
http {
  log_format facts escape=json '{"method":"$request_method",'
    '"target":"$request_uri","conn":"$connection","body":"$request_body",'
    '"headers":{"Host":"$http_host","User-Agent":"$http_user_agent",'
    '"Accept":"$http_accept","Accept-Encoding":"$http_accept_encoding",'
    '"Content-Type":"$http_content_type","Content-Length":"$content_length",'
    '"Cookie":"$http_cookie","Authorization":"$http_authorization",'
    '"Connection":"$http_connection","Expect":"$http_expect",'
    '"X-A":"$http_x_a","X-B":"$http_x_b",'
    '"Version":"$server_protocol","SNI":"$ssl_server_name"}}';
  access_log access.log facts;
  types { text/html shtml; text/plain txt; }
  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;
  uwsgi_temp_path tmp; scgi_temp_path tmp;
  server {
    listen 127.0.0.1:%(port)d;
    listen unix:%(directory)s/nginx.sock;
    root .;
    %(locations)s
  }
  server {
    listen 127.0.0.1:%(tls_port)d ssl;
    ssl_certificate good.pem; ssl_certificate_key good.pem;
    ssl_client_certificate ca.pem; ssl_verify_client optional_no_ca;
    root .;
    %(locations)s
  }
}
"""


class Request:
    def __init__(self, line):
        pairs = json.loads(line, object_pairs_hook=lambda pairs: pairs)
        record = dict(pairs)
        self.method, self.target = record["method"], record["target"]
        self.body, self.conn = record["body"], record.get("conn")
        self.headers = [(name.lower(), value)
                        for name, value in record["headers"] if value != ""
                        or "conn" not in record]

    def header(self, name):
        return [value for key, value in self.headers
                if key == name.strip().lower()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, data=None):
    with urllib.request.urlopen(url, data, timeout=10) as answer:
        return answer.read().decode(errors="surrogateescape")


class Servers:
    def __init__(self):
        self.children = []
        self.has_nginx = shutil.which("nginx") is not None or \
            os.path.exists("/usr/sbin/nginx")

    def __enter__(self):
        self.directory = os.getcwd()
        self.write_files()
        target = subprocess.Popen(["ld-target", "--record"],
                                  stdout=subprocess.PIPE)
        self.children.append(target)
        self.target = target.stdout.readline().decode().strip()
        self.port = self.tls_port = 0
        if self.has_nginx:
            self.start_nginx()
        return self

    def __exit__(self, *_):
        for child in self.children:
            child.terminate()
            child.wait()

    def write_files(self):
        subprocess.run([os.environ["builddir"] + "/tests/peers/tls-peer",
                        "files"], check=True)
        for name, data in (
                ("br.bin", BROTLI), ("slow.bin", b"s" * 10000),
                ("coded.txt", b"coded " * 50), ("plain.txt", b"plain\n"),
                ("until-close.shtml", b"till the end\n"),
                ("chunked.shtml", b"in chunks\n"),
                ("users", b"me:{PLAIN}secret\n"), ("body.txt", b"of a file"),
                ("rows.csv", b"name,password\nann,one\nben,two\n"),
                ("empty.bin", b"")):
            with open(name, "wb") as file:
                file.write(data)

    def start_nginx(self):
        # The port may be taken between its choice and its use.
        for _ in range(5):
            self.port, self.tls_port = free_port(), free_port()
            values = vars(self)
            with open("nginx.conf", "w", encoding="ascii") as file:
                file.write(CONFIG % dict(values, locations=LOCATIONS % values))
            child = subprocess.Popen(
                [shutil.which("nginx") or "/usr/sbin/nginx", "-p",
                 self.directory, "-c", self.directory + "/nginx.conf"],
                stderr=subprocess.DEVNULL)
            while child.poll() is None:
                try:
                    if fetch(self.base("nginx") + "/page") == "a page\n":
                        self.children.append(child)
                        return
                except OSError:
                    time.sleep(0.02)
        with open("nginx.error", encoding="utf-8") as file:
            raise SystemExit("nginx does not start: " + file.read())

    def base(self, server):
        return {"target": self.target, "none": self.target,
                "nginx": "http://127.0.0.1:%d" % self.port,
                "tls": "https://127.0.0.1:%d" % self.tls_port}[server]

    def fill(self, text):
        """@T @N @S bases; @t @n @s the same without a scheme, @pt @pn @ps
        their ports; @D the directory of files, @U nginx's socket, @L a text
        of 250 bytes."""
        for mark, server in (("T", "target"), ("N", "nginx"), ("S", "tls")):
            base = self.base(server)
            text = text.replace("@" + mark, base)
            text = text.replace("@" + mark.lower(), base.split("//")[1])
            text = text.replace("@p" + mark.lower(), base.rsplit(":")[-1])
        text = text.replace("@D", self.directory).replace("@L", "long " * 50)
        return text.replace("@U", urllib.parse.quote(
            self.directory + "/nginx.sock", safe=""))

    def plain_bases(self):
        return [self.base("target")] + \
            ([self.base("nginx")] if self.has_nginx else [])

    def requests(self, server):
        if server == "target":
            lines = fetch(self.target + "/ld/requests").splitlines()
        elif self.has_nginx:
            # What was asked for last has been logged before it is answered.
            with open("access.log", encoding="utf-8",
                      errors="surrogateescape") as file:
                lines = file.read().splitlines()
        else:
            lines = []
        return [Request(line) for line in lines]
