# SPDX-License-Identifier: Apache-2.0
"""Clusters to measure with, and the same for the raw script, made of `virtopo render`."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

RAW_DISKS = "/var/lib/libvirt/images"


def small(nodes, ready, virt):
    """Ten guests on one NAT network with static addresses."""
    return f"""cluster: bench
ssh: {{ user: root, key: ./key }}
images: {{ tiny: {{ file: tiny.qcow2 }} }}
networks: {{ lan: {{ mode: nat, subnet: 10.20.0.0/24 }} }}
defaults: {{ image: tiny, memory: 128M, ready: {ready}, virt: {virt} }}
nodes:
  n: {{ count: {nodes}, networks: [{{ lan: 10.20.0.11 }}] }}
"""


def large(nodes):
    """Nodes written out one by one, 100 to a rack; each has two networks, a file and a command,
    and all but the first of its rack depend on that one."""
    racks = (nodes + 99) // 100
    lines = ["cluster: large", "images: { tiny: { file: tiny.qcow2 } }", "networks:",
             "  all: { mode: nat, subnet: 10.64.0.0/18 }"]
    for rack in range(racks):
        lines.append(f"  rack-{rack}: {{ mode: isolated, subnet: 10.32.{rack}.0/24 }}")
    lines += ["defaults: { image: tiny, memory: 128M, ready: none }", "nodes:"]
    for i in range(nodes):
        rack, place = divmod(i, 100)
        address = 256 + i
        lines += [f"  r{rack}-n{place}:", "    cpus: 2", "    disk: 2G",
                  "    networks:",
                  f"      - {{ all: 10.64.{address // 256}.{address % 256} }}",
                  f"      - {{ rack-{rack}: 10.32.{rack}.{place + 10} }}",
                  f"    labels: {{ rack: r{rack}, place: p{place} }}",
                  f"    files: [{{ path: /etc/place, content: \"{rack}/{place}\\n\" }}]",
                  "    run: [\"hostname >/run/started\"]"]
        if place:
            lines.append(f"    depends_on: [r{rack}-n0]")
    return "\n".join(lines) + "\n"


def _domain(text, name, seed):
    """The domain as rendered, its files moved, without the seed where the raw script has none."""
    ET.register_namespace("virtopo", "https://virtopo.dev/xmlns/object/1")
    root = ET.fromstring(text)
    devices = root.find("devices")
    for disk in devices.findall("disk"):
        source = disk.find("source")
        kind = "seed.iso" if ".seed" in source.get("file") else "root.qcow2"
        if kind == "seed.iso" and not seed:
            devices.remove(disk)
        source.set("file", f"{RAW_DISKS}/{name}.{kind}")
    for log in devices.iter("log"):
        log.set("file", f"{RAW_DISKS}/{name}.console.log")
    return ET.tostring(root, encoding="unicode")


def raw_inputs(rendered: Path, folder: Path, seed):
    """What raw.sh needs in `folder`; the addresses of the nodes by name."""
    addresses = {}
    folder.mkdir()
    shutil.copy(rendered / "networks/lan.xml", folder / "net.xml")
    for node in sorted((rendered / "nodes").iterdir()):
        text = (node / "domain.xml").read_text()
        (folder / f"{node.name}.xml").write_text(_domain(text, node.name, seed))
        config = (node / "network-config").read_text()
        addresses[node.name] = re.search(r'"([0-9.]+)/24"', config).group(1)
        if not seed:
            continue
        (folder / node.name).mkdir()
        for part in ("user-data", "meta-data", "network-config"):
            shutil.copy(node / part, folder / node.name / part)
        # A guest that virtopo starts is given its SSH host key; making one costs it time.
        key = folder / f"{node.name}.hostkey"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key],
                       check=True)
        with open(folder / node.name / "user-data", "a", encoding="utf-8") as f:
            f.write("ssh_keys:\n  ed25519_private: |\n")
            f.writelines(f"    {line}\n" for line in key.read_text().splitlines())
            f.write(f"  ed25519_public: {key.with_suffix('.hostkey.pub').read_text()}")
    return addresses
