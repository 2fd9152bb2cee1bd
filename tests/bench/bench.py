#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast virtopo is, measured side by side with a raw script (raw.sh): see README.md."""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
import cluster  # noqa: E402
import images  # noqa: E402
import networks  # noqa: E402

HERE = Path(__file__).resolve().parent
HOST_SH = HERE.parent / "host/host.sh"
HOST = "bench"


def say(text):
    print(text, file=sys.stderr, flush=True)


def die(text):
    say(f"bench: {text}")
    sys.exit(1)


class Machine:
    """A test host; commands run in its namespaces."""

    def __init__(self, scratch):
        os.environ["VIRTOPO_TEST_DIR"] = str(scratch / "hosts")
        subprocess.run([HOST_SH, "up", HOST], check=True)
        shown = subprocess.run([HOST_SH, "show", HOST], check=True, capture_output=True, text=True)
        facts = dict(line.split("=", 1) for line in shown.stdout.splitlines())
        self.pid = facts["pid"]

    def down(self):
        subprocess.run([HOST_SH, "down", "--all"], check=True)

    def prefix(self, folder):
        return ["nsenter", "--target", self.pid, "--net", "--mount", "--uts", "--ipc",
                "env", "-C", folder]

    def guests(self):
        folder = Path(f"/proc/{self.pid}/root/run/libvirt/qemu")
        return [int(f.read_text()) for f in folder.glob("*.pid")]

    def busy(self):
        """Seconds of processor time that the guests have had."""
        ticks = 0
        for pid in self.guests():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def settle(self, limit=60):
        """Waits until the guests have booted and idle."""
        end = time.monotonic() + limit
        before = self.busy()
        while time.monotonic() < end:
            time.sleep(1)
            now = self.busy()
            if now - before < 0.25:
                return
            before = now
        say("  (the guests do not come to rest)")


class Bench:
    def __init__(self, arguments, scratch):
        self.arguments = arguments
        self.work = scratch / "work"
        self.work.mkdir()
        self.env = dict(os.environ, HOME=str(scratch / "home"), LC_ALL="C.UTF-8",
                        XDG_DATA_HOME=str(scratch / "data"),
                        XDG_CACHE_HOME=str(scratch / "cache"), TERM="dumb")
        (scratch / "home").mkdir()
        self.scratch = scratch
        self.machine = None
        self.results = []

    # -- running

    def run(self, command, machine=None, env=None):
        """Seconds, and peak memory in bytes; ends the benchmark when the command fails."""
        prefix = machine.prefix(self.work) if machine else []
        with open(self.scratch / "log", "w+", encoding="utf-8") as log:
            start = time.monotonic()
            process = subprocess.Popen([*prefix, *map(str, command)], cwd=self.work, stdout=log,
                                       stderr=log, stdin=subprocess.DEVNULL,
                                       env={**self.env, **(env or {})})
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                log.seek(0)
                die(f"{' '.join(map(str, command))}: exit code {process.returncode}\n{log.read()}")
        return seconds, usage.ru_maxrss * 1024

    def run_text(self, command, machine=None):
        """The same with what the command printed."""
        seconds, peak = self.run(command, machine)
        return seconds, peak, (self.scratch / "log").read_text(encoding="utf-8")

    @staticmethod
    def say(text):
        say(text)

    def virtopo(self, file, *words, machine=None, env=None):
        return self.run([self.arguments.binary, "-f", file, *words], machine, env)

    # -- results

    def result(self, key, what, unit, ours, goal, raw=None, detail=None):
        """`goal`: the most that the ratio to raw may be, or without raw, the value itself."""
        ratio = ours / raw if raw else None
        entry = {"key": key, "what": what, "unit": unit, "ours": ours, "raw": raw, "ratio": ratio,
                 "goal": goal, "pass": (ratio if raw else ours) <= goal}
        if detail:
            entry["detail"] = detail
        self.results.append(entry)

    # -- the parts

    def prepare_images(self):
        image = self.arguments.image or subprocess.run(
            [HERE.parent / "guest/build.sh"], check=True, capture_output=True,
            text=True).stdout.strip()
        shutil.copy(image, self.work / "tiny.qcow2")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.work / "key"],
                       check=True)

    def prepare_small(self, ready):
        """The YAML for us and the folder for the raw script; its words for raw.sh."""
        virt = "auto" if os.environ.get("HOST_KVM") else "qemu"
        file = f"{ready}.yaml"
        (self.work / file).write_text(cluster.small(self.arguments.nodes, ready, virt))
        rendered, folder = self.work / f"rendered-{ready}", self.work / f"raw-{ready}"
        self.virtopo(file, "render", "-o", rendered)
        addresses = cluster.raw_inputs(rendered, folder, ready == "ssh")
        shutil.copy(self.work / "key", folder / "key")
        return file, folder, addresses

    def raw(self, folder, verb, words):
        base = [f"{cluster.RAW_DISKS}/base.qcow2"] if verb != "down" else []
        script = ["env", "-C", folder, HERE / "raw.sh", verb, "bench", *base, *words]
        return self.run(script, self.machine)[0]

    def round(self, ready, times, ours_first):
        """One up and down of ours and one of the raw script; the seconds go to `times`."""
        file, folder, addresses = self.small[ready]
        verb = "ssh" if ready == "ssh" else "up"

        def settle():
            if not self.arguments.quick:
                self.machine.settle()

        def ours():
            times["ours up"].append(self.virtopo(file, "up", machine=self.machine)[0])
            if ready == "ssh" and not self.noop_done:
                self.measure_noop(file)
            settle()
            times["ours down"].append(self.virtopo(file, "down", "--yes", machine=self.machine)[0])

        def raw():
            words = [f"{n}={ip}" for n, ip in addresses.items()]
            times["raw up"].append(self.raw(folder, verb, words))
            settle()
            times["raw down"].append(self.raw(folder, "down", list(addresses)))

        # Each finds the machine as quiet as the other did.
        for side in (ours, raw) if ours_first else (raw, ours):
            side()
            time.sleep(0.5)

    def measure_noop(self, file):
        self.noop_done = True
        self.machine.settle()
        seconds = statistics.median(self.virtopo(file, "up", machine=self.machine)[0]
                                    for _ in range(11))
        library, calls = self.scratch / "shim.so", self.scratch / "calls"
        subprocess.run([HERE.parent / "e2e/shim.sh", self.arguments.binary, library], check=True)
        self.virtopo(file, "up", machine=self.machine,
                     env={"LD_PRELOAD": str(library), "SHIM_LOG": str(calls)})
        lines = [line.split() for line in calls.read_text().splitlines()]
        writes = sorted({name for _, kind, name in lines if kind == "write"})
        if len(lines) < 4:
            die("the shim saw no libvirt calls")
        self.result("noop", f"no-op up of {self.arguments.nodes} nodes", "s", seconds, 0.100)
        self.result("noop-writes", "  its write calls", "calls",
                    len([1 for _, kind, _ in lines if kind == "write"]), 0,
                    detail={"calls": len(lines), "writes": writes})

    def measure_rounds(self, ready, rounds):
        times = {f"{side} {verb}": [] for side in ("ours", "raw") for verb in ("up", "down")}
        self.round(ready, {key: [] for key in times}, True)  # caches warm, image in the store
        for i in range(rounds):
            self.round(ready, times, i % 2 == 0)
            say(f"  ready: {ready}, round {i + 1}/{rounds}: " + ", ".join(
                f"{key} {value[-1]:.2f} s" for key, value in times.items()))
        median = {key: statistics.median(value) for key, value in times.items()}
        nodes = self.arguments.nodes
        if ready == "none":
            self.result("up", f"up of {nodes} nodes, ready: none", "s", median["ours up"], 1.10,
                        median["raw up"], times)
            self.result("down", f"down of {nodes} nodes", "s", median["ours down"], 1.10,
                        median["raw down"])
        else:
            self.result("up-ssh", f"up of {nodes} nodes until SSH", "s", median["ours up"], 1.05,
                        median["raw up"], times)

    def measure_guests(self):
        self.noop_done = "noop" not in self.arguments.only
        self.machine = Machine(self.scratch)
        try:
            self.small = {ready: self.prepare_small(ready) for ready in ("none", "ssh")}
            self.run(["install", "-m", "644", "tiny.qcow2", f"{cluster.RAW_DISKS}/base.qcow2"],
                     self.machine)
            if {"up", "down"} & self.arguments.only:
                self.measure_rounds("none", self.arguments.rounds)
            if "images" in self.arguments.only:
                images.measure(self)
            if "networks" in self.arguments.only:
                networks.measure_host(self)
            if "ssh" in self.arguments.only:
                self.measure_rounds("ssh", self.arguments.ssh_rounds)
            elif "noop" in self.arguments.only:
                file = self.small["ssh"][0]
                self.virtopo(file, "up", machine=self.machine)
                self.measure_noop(file)
                self.virtopo(file, "down", "--yes", machine=self.machine)
        finally:
            self.machine.down()

    def measure_large(self):
        sizes, times, memory = (100, 1000), {}, {}
        commands = {"validate": [], "plan": ["-c", "test:///default"]}
        for size in sizes:
            (self.work / f"{size}.yaml").write_text(cluster.large(size))
            self.virtopo(f"{size}.yaml", "plan", "-c", "test:///default")  # the image's digest
        for command, options in commands.items():
            for size in sizes:
                runs = [self.virtopo(f"{size}.yaml", command, *options)
                        for _ in range(self.arguments.rounds)]
                times[command, size] = statistics.median(seconds for seconds, _ in runs)
                memory[command, size] = max(peak for _, peak in runs)
        for command, goal in (("validate", 0.2), ("plan", 1.0)):
            self.result(command, f"{command} of 1,000 nodes", "s", times[command, 1000], goal)
            self.result(f"{command}-growth", "  from 100 to 1,000 nodes", "times",
                        times[command, 1000] / times[command, 100], 11,
                        detail={"seconds of 100": times[command, 100]})
        self.result("plan-memory", "  peak memory", "MiB", memory["plan", 1000] / 2**20, 100)


def show(results):
    print(f"{'what':36} {'ours':>12} {'raw':>9} {'ratio':>6} {'goal':>12}")
    for r in results:
        unit = r["unit"]

        def number(value):
            if unit == "s":
                return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"
            return f"{value:.0f} {unit}" if unit == "calls" else f"{value:.1f} {unit}"

        raw, ratio = (number(r["raw"]), f"{r['ratio']:.2f}") if r["raw"] else ("", "")
        goal = f"{r['goal']:.2f}" if r["raw"] else number(r["goal"])
        print(f"{r['what']:36} {number(r['ours']):>12} {raw:>9} {ratio:>6} {goal:>12}  "
              f"{'pass' if r['pass'] else 'FAIL'}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ["up", "down", "ssh", "noop", "large", "images", "networks"]
    parser.add_argument("binary", type=lambda path: Path(path).resolve(strict=True))
    parser.add_argument("--nodes", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5, help="of what is cheap (5)")
    parser.add_argument("--ssh-rounds", type=int, default=3, help="of up until SSH (3)")
    parser.add_argument("--only", type=lambda text: set(text.split(",")), default=set(parts),
                        help=f"some of {','.join(parts)}")
    parser.add_argument("--image", help="a guest (default: tests/guest/build.sh)")
    parser.add_argument("--quick", action="store_true", help="do not wait for guests to idle")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not arguments.only <= set(parts) or min(arguments.rounds, arguments.ssh_rounds) < 1:
        parser.error("--only or a number of rounds is wrong")
    return arguments


def main():
    arguments = parse_arguments()
    load = os.getloadavg()
    if load[0] > 0.5 * os.cpu_count():
        say(f"bench: something else runs here (load {load[0]:.1f}): the figures will vary")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="virtopo-bench.") as folder:
        os.chmod(folder, 0o711)  # QEMU's user passes
        bench = Bench(arguments, Path(folder))
        bench.prepare_images()
        if arguments.only - {"large"}:
            bench.measure_guests()
        if "large" in arguments.only:
            bench.measure_large()
        if "networks" in arguments.only:
            networks.measure_plan(bench)
    if arguments.json:
        print(json.dumps({"version": 1, "processors": os.cpu_count(), "load": load,
                          "results": bench.results}, indent=1))
    else:
        show(bench.results)
    return 0 if all(r["pass"] for r in bench.results) else 1


if __name__ == "__main__":
    sys.exit(main())
