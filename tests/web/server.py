#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A web server that misbehaves on request: the first part of a path says how.

  server.py --root DIR --log FILE --ports FILE [--certificate PEM [--other PEM]]

Serves on free ports of 127.0.0.1, and writes them to --ports as "http=N https=N other=N" (other: https with a
certificate for another name). Each request is a line of the log: method, path, Range and If-Range, status,
bytes sent. Paths, with FILE below DIR:

  /ok/FILE            as it should be: ETag, Range, If-Range       /norange/FILE     Range is ignored
  /modified/FILE      Last-Modified instead of an ETag             /weak/FILE        a weak ETag, no Last-Modified
  /changing/N/FILE    as reset1, and another ETag                  /nolength/FILE    no length; the end is the end
  /reset/N/FILE       a reset after N more bytes, every time       /reset1/N/FILE    only the first time
  /norange-reset/N/FILE  both                                      /stall/N/FILE     N bytes, then nothing
  /stall1/N/FILE      only the first time                          /drip/N/FILE      N bytes a tenth of a second
  /status/N/FILE      this status                                  /status1/N/FILE   only the first time
  /refuse/N/FILE      as reset1, then 416 to each Range            /html/FILE        a web page
  /short/N/FILE       N bytes fewer than its Content-Length        /long/N/FILE      N more
  /cut/N/FILE         no length, ends after N bytes                /endless/FILE     zeros for ever
  /redirect/S/REST    to REST on the scheme S (http, https)        /redirect/file/REST  to file:///REST
  /loop/FILE          redirects to itself                          /wrongpart/N/FILE as reset1, then another part
  /empty/FILE         nothing
"""
import argparse
import email.utils
import fcntl
import hashlib
import http.server
import os
import socket
import ssl
import struct
import termios
import threading
import time

options = None
ports = {}
seen = {}
lock = threading.Lock()
BLOCK = 1 << 18


def is_first(path):
    with lock:
        seen[path] = seen.get(path, 0) + 1
        return seen[path] == 1


def count_of(path):
    with lock:
        seen[path] = seen.get(path, 0) + 1
        return seen[path]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sent = 0
    status = 0

    def log_message(self, *args):
        pass

    def note(self):
        with lock, open(options.log, "a") as log:
            print(self.command, self.path, "range=" + self.headers.get("Range", "-"),
                  "if-range=" + self.headers.get("If-Range", "-"), self.status, self.sent, file=log)

    def begin(self, status, headers):
        self.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def write(self, data):
        self.wfile.write(data)
        self.sent += len(data)

    def reset(self):
        self.wfile.flush()
        time.sleep(0.05)  # what is on its way arrives
        raw = self.connection
        # What was not delivered would be thrown away with it, and the client ask for less.
        end = time.monotonic() + 10
        while struct.unpack("i", fcntl.ioctl(raw, termios.TIOCOUTQ, b"\0" * 4))[0] and time.monotonic() < end:
            time.sleep(0.01)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        os.close(raw.detach())

    def send_part(self, path, start, count, pause=0, step=BLOCK):
        with open(path, "rb") as f:
            f.seek(start)
            while count > 0:
                block = f.read(min(step, count))
                if not block:
                    break
                self.write(block)
                count -= len(block)
                if pause:
                    self.wfile.flush()
                    time.sleep(pause)

    def validators(self, mode, path):
        """Headers, and what If-Range must be."""
        etag = '"%s"' % hashlib.md5(f"{os.path.getsize(path)} {os.path.getmtime(path)}".encode()).hexdigest()
        modified = email.utils.formatdate(os.path.getmtime(path) - 86400, usegmt=True)
        if mode == "modified":
            return {"Last-Modified": modified}, modified
        if mode == "weak":
            return {"ETag": "W/" + etag}, None
        if mode == "changing":
            etag = '"%d"' % count_of("changing " + path)
        return {"ETag": etag, "Last-Modified": modified}, etag

    def range_start(self, mode, validator, size):
        """Where a Range that counts begins, or None."""
        wanted = self.headers.get("Range")
        if not wanted or mode in ("norange", "norange-reset") or self.headers.get("If-Range") != validator:
            return None
        return int(wanted.split("=")[1].split("-")[0])

    def serve(self, mode, number, path):
        size = os.path.getsize(path)
        headers, validator = self.validators(mode, path)
        start = self.range_start(mode, validator, size)
        if mode == "refuse" and self.headers.get("Range") or start is not None and start >= size:
            self.begin(416, {"Content-Range": f"bytes */{size}", "Content-Length": "0"})
            return
        first = start or 0
        length = size - first
        headers["Content-Length"] = str(length)
        if mode in ("nolength", "cut", "long"):
            del headers["Content-Length"]
            headers["Connection"] = "close"
        if mode == "short":
            headers["Content-Length"] = str(length + number)
        if mode == "long":
            headers["Content-Length"] = str(length - number)
        if start is not None:
            shift = 1 if mode == "wrongpart" else 0
            headers["Content-Range"] = f"bytes {first + shift}-{size - 1}/{size}"
        self.begin(200 if start is None else 206, headers)
        self.body(mode, number, path, first, length)

    def body(self, mode, number, path, first, length):
        once = mode.endswith("1")
        troubled = not once or is_first(self.path)
        kind = mode.removesuffix("1").removeprefix("norange-")
        if mode in ("refuse", "wrongpart", "changing") and number and is_first(self.path):
            kind = "reset"
        if kind == "reset" and troubled and number < length:
            self.send_part(path, first, number)
            self.reset()
        elif kind == "stall" and troubled:
            self.send_part(path, first, number)
            self.wfile.flush()
            time.sleep(60)
            self.close_connection = True
        elif kind == "drip":
            self.send_part(path, first, length, 0.1, number)
        elif kind in ("cut", "short"):
            self.send_part(path, first, number if kind == "cut" else length)
            self.close_connection = True
        else:
            self.send_part(path, first, length)
            if kind in ("nolength", "long"):
                self.close_connection = True

    def redirect(self, scheme, rest):
        if scheme == "file":
            target = "file:///" + rest
        else:
            target = "%s://127.0.0.1:%d/%s" % (scheme, ports[scheme], rest)
        self.begin(302, {"Location": target, "Content-Length": "0"})

    def endless(self):
        self.begin(200, {"Connection": "close"})
        block = bytes(range(1, 256)) * 1024
        self.close_connection = True
        while True:
            self.write(block)

    def answer(self):
        mode, _, rest = self.path.lstrip("/").partition("/")
        if mode == "redirect":
            self.redirect(*rest.split("/", 1))
        elif mode == "loop":
            self.begin(302, {"Location": self.path, "Content-Length": "0"})
        elif mode == "endless":
            self.endless()
        elif mode == "html":
            page = b"<!DOCTYPE html>\n<html><title>Please log in</title></html>\n"
            self.begin(200, {"Content-Type": "text/html", "Content-Length": str(len(page))})
            self.write(page)
        elif mode == "empty":
            self.begin(200, {"Content-Length": "0"})
        else:
            self.answer_file(mode, rest)

    def answer_file(self, mode, rest):
        number = 0
        head, _, tail = rest.partition("/")
        if tail and head.isdigit():
            number, rest = int(head), tail
        path = os.path.join(options.root, rest)
        if mode == "status" or mode == "status1" and is_first(self.path):
            self.begin(number, {"Content-Length": "6", "Content-Type": "text/plain"})
            self.write(b"sorry\n")
        elif not os.path.isfile(path):
            self.begin(404, {"Content-Length": "0"})
        else:
            self.serve(mode, number, path)

    def do_GET(self):
        self.sent = 0
        try:
            self.answer()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True
        finally:
            self.note()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def start(certificate=None):
    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def main():
    global options
    parser = argparse.ArgumentParser()
    for name in ("root", "log", "ports"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--other")
    options = parser.parse_args()
    open(options.log, "a").close()
    ports["http"] = start()
    if options.certificate:
        ports["https"] = start(options.certificate)
    if options.other:
        ports["other"] = start(options.other)
    with open(options.ports + ".new", "w") as f:
        print(*("%s=%d" % item for item in ports.items()), file=f)
    os.rename(options.ports + ".new", options.ports)
    while True:
        time.sleep(3600)


main()
