# SPDX-License-Identifier: Apache-2.0
"""The part of the benchmark about images: downloads, conversion, what is unchanged, overlays."""

import os
import statistics
import subprocess
from pathlib import Path

import cluster

PORT = 8480
MIB = 1 << 20


def _random(path, mib):
    """A qcow2 image with so many MiB that nothing compresses."""
    raw = path.with_suffix(".raw")
    with open(raw, "wb") as f:
        for _ in range(mib):
            f.write(os.urandom(MIB))
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, path], check=True)
    raw.unlink()


def _turns(bench, ours, raw, what):
    """The medians of both sides, who take turns."""
    times = {ours: [], raw: []}
    for i in range(bench.arguments.rounds + 1):
        for side in (ours, raw) if i % 2 == 0 else (raw, ours):
            seconds = side()
            if i:  # the first warms caches
                times[side].append(seconds)
    medians = statistics.median(times[ours]), statistics.median(times[raw])
    bench.say(f"  {what}: ours {medians[0]:.3f} s, raw {medians[1]:.3f} s")
    return *medians, {"ours": times[ours], "raw": times[raw]}


def _forget(bench):
    for name in ("images", "media"):
        subprocess.run(["rm", "-rf", bench.scratch / "cache/virtopo" / name], check=True)
    (bench.work / "virtopo.lock").unlink(missing_ok=True)


def _download_file(name):
    return (f"cluster: fetch\nimages:\n  it: {{ url: \"http://127.0.0.1:{PORT}/{name}\", "
            "insecure: true, allow_http: true }\n")


def download(bench):
    """`image lock` fetches into the cache and says the digest, as curl and sha256sum do."""
    sizes = {"small.qcow2": 64, "medium.qcow2": 512, "large.qcow2": 1024}
    for name, mib in sizes.items():
        _random(bench.work / name, mib)
    server = subprocess.Popen(
        [*bench.machine.prefix(bench.work), "python3", "-m", "http.server", "--bind", "127.0.0.1",
         str(PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        bench.run(["sh", "-c", f"until curl -sfo /dev/null http://127.0.0.1:{PORT}/key.pub; do "
                   "sleep 0.1; done"], bench.machine)
        peaks = {}

        def ours(name="medium.qcow2"):
            _forget(bench)
            (bench.work / "fetch.yaml").write_text(_download_file(name))
            seconds, peak = bench.virtopo("fetch.yaml", "image", "lock", machine=bench.machine)
            peaks[name] = peak
            return seconds

        def raw():
            (bench.work / "got").unlink(missing_ok=True)
            return bench.run(["sh", "-c", f"curl -sfo got http://127.0.0.1:{PORT}/medium.qcow2 && "
                              "sha256sum got"], bench.machine)[0]

        mine, other, detail = _turns(bench, ours, raw, "download of 512 MiB")
        bench.result("download", "download and digest of 512 MiB", "s", mine, 1.05, other, detail)
        for name in ("small.qcow2", "large.qcow2"):
            ours(name)
        bench.result("download-memory", "  peak memory, 1 GiB to 64 MiB", "times",
                     peaks["large.qcow2"] / peaks["small.qcow2"], 1.2,
                     detail={name: peak for name, peak in peaks.items()})
    finally:
        server.terminate()
        server.wait()
        _forget(bench)
        for name in sizes:
            (bench.work / name).unlink(missing_ok=True)


def convert(bench):
    _random(bench.work / "source.qcow2", 512)
    subprocess.run(["qemu-img", "convert", "-f", "qcow2", "-O", "vmdk", "source.qcow2",
                    "source.vmdk"], cwd=bench.work, check=True)

    def ours():
        (bench.work / "ours.qcow2").unlink(missing_ok=True)
        return bench.run([bench.arguments.binary, "image", "convert", "source.vmdk",
                          "ours.qcow2"])[0]

    def raw():
        (bench.work / "raw.qcow2").unlink(missing_ok=True)
        return bench.run(["qemu-img", "convert", "-f", "vmdk", "-O", "qcow2", "source.vmdk",
                          "raw.qcow2"])[0]

    mine, other, detail = _turns(bench, ours, raw, "conversion of 512 MiB")
    bench.result("convert", "conversion of 512 MiB from VMDK", "s", mine, 1.05, other, detail)
    for name in ("source.qcow2", "source.vmdk", "ours.qcow2", "raw.qcow2"):
        (bench.work / name).unlink()


def unchanged(bench):
    """20 images that a script makes, with inputs; nothing has changed."""
    script = bench.work / "make.sh"
    script.write_text("#!/bin/sh\nqemu-img create -q -f qcow2 \"$OUT\" $(cat size)\n")
    script.chmod(0o755)
    lines = ["cluster: many", "images:"]
    for i in range(20):
        folder = bench.work / f"input-{i}"
        folder.mkdir(exist_ok=True)
        (folder / "text").write_text(f"{i}\n" * 1000)
        lines.append(f"  i{i}: {{ script: ./make.sh, inputs: [input-{i}/] }}")
    (bench.work / "size").write_text("64M\n")
    (bench.work / "many.yaml").write_text("\n".join(lines) + "\n")
    bench.virtopo("many.yaml", "image", "build", machine=bench.machine)
    seconds = statistics.median(
        bench.virtopo("many.yaml", "image", "build", machine=bench.machine)[0] for _ in range(11))
    bench.result("unchanged", "20 images, nothing changed", "s", seconds, 0.050)
    bench.run([bench.arguments.binary, "image", "prune", "--yes", "--cache"], bench.machine)


def overlays(bench):
    program = Path(bench.arguments.binary).parent / "tests/bench/overlays"
    base = f"{cluster.RAW_DISKS}/base.qcow2"
    count = 100

    def ours():
        _, _, text = bench.run_text([program, "qemu:///system", "/var/lib/libvirt/bench", base,
                                     str(count)], bench.machine)
        return float(text)

    def raw():
        seconds = bench.run(
            ["sh", "-c", f"mkdir -p raw-overlays && seq {count} | xargs -P {os.cpu_count()} -I N "
             f"qemu-img create -q -f qcow2 -F qcow2 -b {base} raw-overlays/N.qcow2 10G"],
            bench.machine)[0]
        bench.run(["rm", "-r", "raw-overlays"])
        return seconds

    mine, other, detail = _turns(bench, ours, raw, f"{count} overlays")
    bench.result("overlays", f"{count} overlays on one base", "s", mine, 1.00, other, detail)
    bench.result("overlays-time", "  in all", "s", mine, 3.0)


def measure(bench):
    overlays(bench)
    unchanged(bench)
    convert(bench)
    download(bench)
