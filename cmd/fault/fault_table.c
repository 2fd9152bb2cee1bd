/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that begin with `fault`. */
#include "cmd/command.h"

#include "cmd/fault/fault_commands.h"
#include "templates/fault/fault.h"

#define WHICH(type, member) .offset = offsetof(struct fault_##type##_options, member)
#define OPTIONS(type) \
    .options = type##_table, .options_size = sizeof(struct fault_##type##_options)

static const struct command_option cluster_table[] = {
    {"cluster", 0, OPTION_STRING, WHICH(cluster, cluster), "NAME",
     "the cluster by its name, without its file"},
    {"break-lock", 0, OPTION_FLAG, WHICH(cluster, break_lock), NULL,
     "take over the lock of a run that is known to be gone"},
    {0},
};

static const struct command_option netem_table[] = {
    {"delay", 0, OPTION_DURATION, WHICH(netem, delay), "TIME",
     "how much later each packet arrives (50ms)"},
    {"jitter", 0, OPTION_DURATION, WHICH(netem, jitter), "TIME",
     "how much the delay varies, up and down"},
    {"loss", 0, OPTION_STRING, WHICH(netem, loss), "PERCENT", "how many packets get lost (5%)"},
    {"rate", 0, OPTION_STRING, WHICH(netem, rate), "SIZE",
     "how many bytes a second get through at most (1M)"},
    {"direction", 0, OPTION_ENUM, WHICH(netem, direction), "WAY",
     "in: what the node receives; out: what it sends; both (default): each way the same",
     .words = (const char *const[]){"both", "in", "out", NULL}},
    {"cluster", 0, OPTION_STRING, WHICH(netem, which.cluster), "NAME",
     "the cluster by its name, without its file"},
    {"break-lock", 0, OPTION_FLAG, WHICH(netem, which.break_lock), NULL,
     "take over the lock of a run that is known to be gone"},
    {0},
};

const struct command fault_commands[] = {
    {"fault link-down", "NODE NETWORK", GROUP_FAULTS, "pull a node's cable",
     "Takes the link of the NIC that NODE has on NETWORK down: the guest sees that its cable "
     "is "
     "out. All modes of networks have it.\n\n"
     "Faults stay until `virtopo fault heal`, the node's next start, or `virtopo down`. `plan` "
     "and `up` show them and leave them, `status` and `graph --live` show them.",
     OPTIONS(cluster), 2, 2, READS_FILE, cmd_fault_link_down},
    {"fault netem", "NODE NETWORK", GROUP_FAULTS, "make a node's network slow or lossy",
     "Delays, loses or slows down packets of the NIC that NODE has on NETWORK: at its tap on "
     "the "
     "host, so that the guest knows nothing of it. Each direction by itself, so a delay of "
     "50ms "
     "makes a ping 100 ms longer, unless --direction says which. Said again, it takes the "
     "place "
     "of what was there.\n\n"
     "A delay needs netem in the host's kernel; loss, and a rate without a delay, do not. "
     "A NIC with a `bandwidth` of its own has no place for more.",
     OPTIONS(netem), 2, 2, READS_FILE, cmd_fault_netem},
    {"fault partition", "NODE,... / NODE,...", GROUP_FAULTS, "cut nodes off from each other",
     "Nodes on different sides of a / receive no frames of each other any more, on all "
     "networks, "
     "broadcasts neither; sides may be more than two. Groups stand for all their nodes. Nodes "
     "that are not named, the host and what is behind it are reached as ever; so is, by way of "
     "a "
     "router, what it routes.\n\n"
     "Said again, it takes the place of the partition that was there.",
     OPTIONS(cluster), 1, ARGS_ANY, READS_FILE, cmd_fault_partition},
    {"fault kill", "NODE", GROUP_FAULTS, "pull a node's plug",
     "Stops NODE at once, as if its power had failed: what its guest had not written is lost. "
     "`virtopo fault heal` or `virtopo up` starts it again.",
     OPTIONS(cluster), 1, 1, READS_FILE, cmd_fault_kill},
    {"fault heal", "[NODE...]", GROUP_FAULTS, "undo faults",
     "Puts right what the other commands did, to all nodes or those named: links, delays, "
     "losses, "
     "rates, sides of a partition; killed nodes start. Also what a run that was cut off left.",
     OPTIONS(cluster), 0, ARGS_ANY, READS_FILE, cmd_fault_heal},
    {"fault list", "", GROUP_FAULTS, "list the faults that are on",
     "Lists what is done to the nodes on purpose, and since when.", OPTIONS(cluster), 0, 0,
     READS_FILE, cmd_fault_list},
    {0},
};
