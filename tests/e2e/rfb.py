#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rfb.py HOST PORT [PASSWORD]: logs in to a VNC server and prints what it says of itself:
"security 2" (1: none, 2: a password), then "refused", or "WIDTHxHEIGHT NAME"."""
import socket
import struct
import subprocess
import sys


def encrypted(challenge, password):
    """VNC's DES has the bits of each byte of its key the other way round; three times the same key
    makes 3DES, which every openssl has, what DES is."""
    key = bytes(int(f"{b:08b}"[::-1], 2) for b in password.encode()[:8].ljust(8, b"\0"))
    command = ["openssl", "enc", "-des-ede3", "-nopad", "-K", (key * 3).hex()]
    return subprocess.run(command, input=challenge, stdout=subprocess.PIPE, check=True).stdout


def main(host, port, password=None):
    s = socket.create_connection((host, int(port)), 10)
    f = s.makefile("rwb", 0)

    def read(n):
        data = b""
        while len(data) < n:
            more = f.read(n - len(data))
            if not more:
                sys.exit("the server hung up")
            data += more
        return data

    if not read(12).startswith(b"RFB 003."):
        sys.exit("no VNC server")
    f.write(b"RFB 003.008\n")
    kinds = read(read(1)[0])
    kind = 2 if 2 in kinds else 1
    print("security", kind)
    f.write(bytes([kind]))
    if kind == 2:
        f.write(encrypted(read(16), password or ""))
    if struct.unpack(">I", read(4))[0] != 0:
        print("refused")
        return
    f.write(b"\1")
    width, height = struct.unpack(">HH", read(4))
    read(16)
    print(f"{width}x{height}", read(struct.unpack(">I", read(4))[0]).decode())


main(*sys.argv[1:])
