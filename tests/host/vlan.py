#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A VLAN device in user space, for kernels without 802.1Q: vlan.py DEV VID TAP

Frames with the tag VID that DEV gets come out of the tap device without it; what is sent into the tap goes
out of DEV with it. Whoever sends to it must send whole checksums (no offload).
"""
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys

SOL_PACKET, PACKET_AUXDATA, PACKET_OUTGOING = 263, 8, 4
ETH_P_ALL, ETH_P_8021Q = 3, 0x8100
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
VLAN_VALID = 1 << 4

dev, vid, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
wire.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
wire.bind((dev, ETH_P_ALL))
# With the address of DEV: a bridge takes in what is for itself alone.
with open(f"/sys/class/net/{dev}/address", encoding="ascii") as address:
    subprocess.run(["ip", "link", "set", "dev", name, "address", address.read().strip(), "up"], check=True)
print("ready", flush=True)


def tag_of(frame, control):
    """The tag of a frame and the frame without it; the kernel may have taken it off already."""
    for level, kind, data in control:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, tci = struct.unpack("I12xH", data[:18])
            if status & VLAN_VALID:
                return tci & 0xFFF, frame
    if frame[12:14] == struct.pack("!H", ETH_P_8021Q):
        return struct.unpack("!H", frame[14:16])[0] & 0xFFF, frame[:12] + frame[16:]
    return None, frame


while True:
    ready, _, _ = select.select([tap, wire], [], [])
    if wire in ready:
        frame, control, _, sender = wire.recvmsg(65536, 64)
        tag, inner = tag_of(frame, control)
        if sender[2] != PACKET_OUTGOING and tag == vid:
            os.write(tap, inner)
    if tap in ready:
        frame = os.read(tap, 65536)
        wire.send(frame[:12] + struct.pack("!HH", ETH_P_8021Q, vid) + frame[12:])
