# SPDX-License-Identifier: Apache-2.0
"""Networks: 250 nodes on one, 1,000 nodes on 20, one node more on a network that runs."""

import statistics
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent


def one(nodes, more=False):
    """Nodes that are defined and not started, on one NAT network; `more`: one that is."""
    lines = ["cluster: nets", "images: { tiny: { file: tiny.qcow2 } }",
             "networks: { lan: { mode: nat, subnet: 10.20.0.0/16 } }",
             "defaults: { image: tiny, memory: 128M, ready: none, networks: [lan] }", "nodes:",
             f"  n: {{ count: {nodes} }}"]
    if more:
        lines.append("  more: {}")
    return "\n".join(lines) + "\n"


def many(nodes, networks):
    lines = ["cluster: many", "images: { tiny: { file: tiny.qcow2 } }", "networks:"]
    for i in range(networks):
        lines.append(f"  net{i}: {{ mode: nat, subnet: 10.32.{i}.0/24 }}")
    lines += ["defaults: { image: tiny, memory: 128M, ready: none }", "nodes:"]
    for i in range(networks):
        lines.append(f"  n{i}: {{ count: {nodes // networks}, networks: [net{i}] }}")
    return "\n".join(lines) + "\n"


def measure_plan(bench):
    (bench.work / "many.yaml").write_text(many(1000, 20))
    bench.virtopo("many.yaml", "plan", "-c", "test:///default")  # the image's digest
    runs = [bench.virtopo("many.yaml", "plan", "-c", "test:///default")[0]
            for _ in range(bench.arguments.rounds)]
    bench.result("plan-networks", "plan of 1,000 nodes, 20 networks", "s",
                 statistics.median(runs), 1.0)


def _updates(bench, file, *words):
    """Calls of virNetworkUpdate during a run."""
    library, calls = bench.scratch / "shim.so", bench.scratch / "network-calls"
    subprocess.run([HERE.parent / "e2e/shim.sh", bench.arguments.binary, library], check=True)
    calls.unlink(missing_ok=True)
    bench.virtopo(file, *words, machine=bench.machine,
                  env={"LD_PRELOAD": str(library), "SHIM_LOG": str(calls)})
    names = [line.split()[2] for line in calls.read_text().splitlines()]
    if "virNetworkDefineXML" not in names:
        bench.say("  (the shim saw no network defined)")
    return names.count("virNetworkUpdate")


def measure_host(bench, nodes=250):
    """On the test host. The start of a node that is defined already, in a cluster of one, is what
    the new one's start costs."""
    (bench.work / "one.yaml").write_text(one(nodes))
    (bench.work / "more.yaml").write_text(one(nodes, more=True))
    (bench.work / "small.yaml").write_text(one(1).replace("cluster: nets", "cluster: small")
                                           .replace("10.20.0.0/16", "10.21.0.0/24"))
    updates = _updates(bench, "one.yaml", "up", "--no-start")
    bench.result("network-updates", f"updates while {nodes} nodes are made", "calls", updates, 0)
    added = bench.virtopo("more.yaml", "up", "more", machine=bench.machine)[0]
    bench.virtopo("small.yaml", "up", "--no-start", machine=bench.machine)
    alone = bench.virtopo("small.yaml", "up", "n-1", machine=bench.machine)[0]
    bench.result("network-add", f"a node more beside {nodes}, beyond its start", "s",
                 max(added - alone, 0.001), 0.6, detail={"added": added, "started": alone})
    for file in ("more.yaml", "small.yaml"):
        bench.virtopo(file, "down", "--yes", machine=bench.machine)
