/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"

#include "cmd/commands.h"

static const char *const color_words[] = {"auto", "always", "never", NULL};

#define GLOBAL(member) .offset = offsetof(struct globals, member)

const struct command_option global_options[] = {
    {"file", 'f', OPTION_STRING, GLOBAL(file), "FILE",
     "the cluster's file, - for standard input (default: virtopo.yaml, then virtopo.yml)"},
    {"connect", 'c', OPTION_STRING, GLOBAL(connect), "URI",
     "libvirt on the host 'local' (default: $LIBVIRT_DEFAULT_URI, then qemu:///system)"},
    {"set", 0, OPTION_REPEATED, GLOBAL(set), "K=V",
     "a variable of the file, or a key by its path (release=trixie, nodes.web.count=5); may "
     "be repeated"},
    {"parallel", 'p', OPTION_INTEGER, GLOBAL(parallel), "N",
     "at most N steps at once (default: by the hosts)", .min = 1, .max = 256},
    {"yes", 'y', OPTION_FLAG, GLOBAL(yes), NULL, "answer questions with yes"},
    {"json", 0, OPTION_FLAG, GLOBAL(json), NULL, "write JSON: one object a line"},
    {"color", 0, OPTION_ENUM, GLOBAL(color), "WHEN", "auto, always or never",
     .words = color_words},
    {"verbose", 'v', OPTION_FLAG, GLOBAL(verbose), NULL, "say more"},
    {"quiet", 'q', OPTION_FLAG, GLOBAL(quiet), NULL, "say nothing but errors"},
    {"help", 'h', OPTION_FLAG, GLOBAL(help), NULL, "show this help, or a command's"},
    {"version", 0, OPTION_FLAG, GLOBAL(version), NULL, "show the version"},
    {0},
};

#define OWN(type, member) .offset = offsetof(struct type##_options, member)
#define OPTIONS(type) .options = type##_table, .options_size = sizeof(struct type##_options)

static const struct command_option init_table[] = {
    {"force", 0, OPTION_FLAG, OWN(init, force), NULL, "overwrite a file that is there"},
    {0},
};

static const struct command_option render_table[] = {
    {"output", 'o', OPTION_STRING, OWN(render, output), "DIR", "the folder to write to",
     .required = true},
    {0},
};

static const struct command_option import_cmd_table[] = {
    {"output", 'o', OPTION_STRING, OWN(import_cmd, output), "FILE",
     "the file to write to (default: standard output)"},
    {"all", 0, OPTION_FLAG, OWN(import_cmd, all), NULL, "all domains of the host"},
    {"live", 0, OPTION_FLAG, OWN(import_cmd, live), NULL,
     "what runs, where that is not what is defined"},
    {"cluster", 0, OPTION_STRING, OWN(import_cmd, cluster), "NAME",
     "the cluster's name in the file (default: imported)"},
    {"xml", 0, OPTION_FLAG, OWN(import_cmd, xml), NULL,
     "the arguments are files with libvirt's XML, - for standard input; no host is asked"},
    {0},
};

static const struct command_option explain_table[] = {
    {"recursive", 'r', OPTION_FLAG, OWN(explain, recursive), NULL,
     "all keys below it, at any depth"},
    {0},
};

static const struct command_option schema_table[] = {
    {"part", 0, OPTION_FLAG, OWN(schema, part), NULL,
     "for a file that others include: nothing must be in it"},
    {0},
};

static const struct command_option plan_table[] = {
    {"exit-code", 0, OPTION_FLAG, OWN(plan, exit_code), NULL,
     "exit with 3 when there are changes"},
    {"no-start", 0, OPTION_FLAG, OWN(plan, no_start), NULL,
     "as `virtopo up --no-start` sees it: a node may be stopped"},
    {0},
};

static const struct command_option up_table[] = {
    {"recreate", 0, OPTION_FLAG, OWN(up, recreate), NULL,
     "allow to make nodes anew where a change needs it"},
    {"destroy-data", 0, OPTION_FLAG, OWN(up, destroy_data), NULL,
     "allow to lose data: disks of removed or recreated nodes"},
    {"no-start", 0, OPTION_FLAG, OWN(up, no_start), NULL,
     "make everything, but start no node that does not run, and wait for none"},
    {"no-wait", 0, OPTION_FLAG, OWN(up, no_wait), NULL, "do not wait until nodes are ready"},
    {"timeout", 0, OPTION_DURATION, OWN(up, timeout), "TIME",
     "how long a node may take to be ready (90s, 10m; default: its own)"},
    {"break-lock", 0, OPTION_FLAG, OWN(up, break_lock), NULL,
     "take over the lock of a run that is known to be gone"},
    {0},
};

static const struct command_option down_table[] = {
    {"cluster", 0, OPTION_STRING, OWN(down, cluster), "NAME",
     "the cluster by its name, without its file"},
    {"keep-disks", 0, OPTION_FLAG, OWN(down, keep_disks), NULL,
     "leave the nodes' disks for the next up"},
    {"prune", 0, OPTION_FLAG, OWN(down, prune), NULL,
     "also remove base images that nothing uses any more"},
    {"break-lock", 0, OPTION_FLAG, OWN(down, break_lock), NULL,
     "take over the lock of a run that is known to be gone"},
    {0},
};

static const struct command_option clone_table[] = {
    {"no-start", 0, OPTION_FLAG, OWN(clone, no_start), NULL,
     "make it, but do not start it: the next up does"},
    {"no-wait", 0, OPTION_FLAG, OWN(clone, no_wait), NULL, "do not wait until it is ready"},
    {"timeout", 0, OPTION_DURATION, OWN(clone, timeout), "TIME",
     "how long it may take to be ready (90s, 10m; default: its own)"},
    {0},
};

const char *const export_formats[] = {"auto", "qcow2", "raw", "vmdk",
                                      "vdi",  "vhdx",  "vhd", NULL};

static const struct command_option export_cmd_table[] = {
    {"disk", 0, OPTION_STRING, OWN(export_cmd, disk), "NAME",
     "another disk than root, by its name in the file"},
    {"format", 0, OPTION_ENUM, OWN(export_cmd, format), "FORMAT",
     "qcow2, raw, vmdk, vdi, vhdx or vhd; auto (default): by FILE's name, else qcow2",
     .words = export_formats},
    {"image", 0, OPTION_STRING, OWN(export_cmd, image), "NAME",
     "no file: into the host's store, as an image to build on"},
    {"compress", 0, OPTION_FLAG, OWN(export_cmd, compress), NULL,
     "compressed inside (qcow2, vmdk)"},
    {"force", 0, OPTION_FLAG, OWN(export_cmd, force), NULL, "overwrite a file that is there"},
    {0},
};

static const struct command_option status_table[] = {
    {"cluster", 0, OPTION_STRING, OWN(status, cluster), "NAME",
     "the cluster by its name, without its file"},
    {0},
};

static const struct command_option graph_table[] = {
    {"format", 0, OPTION_ENUM, OWN(graph, format), "FORMAT",
     "svg, dot, mermaid or text; auto (default): by FILE's name, else text",
     .words = graph_formats},
    {"live", 0, OPTION_FLAG, OWN(graph, live), NULL,
     "what there is on the hosts, not what the file says"},
    {"cluster", 0, OPTION_STRING, OWN(graph, cluster), "NAME",
     "with --live: the cluster by its name, without its file"},
    {"expand", 0, OPTION_FLAG, OWN(graph, expand), NULL,
     "every node by itself, also in large clusters"},
    {"output", 'o', OPTION_STRING, OWN(graph, output), "FILE",
     "the file to write to (default: standard output)"},
    {0},
};

static const struct command_option help_table[] = {
    {"man", 0, OPTION_FLAG, OWN(help, man), NULL, "write the man page", .hidden = true},
    {"reference", 0, OPTION_FLAG, OWN(help, reference), NULL, "write docs/reference.md",
     .hidden = true},
    {0},
};

const struct command base_commands[] = {
    {"init", "[NAME]", GROUP_WRITE, "write a commented starter file",
     "Writes virtopo.yaml (or the file named with -f): a small cluster with a comment on every "
     "key, ready for `virtopo validate`. NAME is the cluster's name; without it, that of this "
     "folder. A file that is there already is left alone.",
     OPTIONS(init), 0, 1, 0, cmd_init},
    {"validate", "", GROUP_WRITE, "check the file, offline",
     "Reads the file and shows everything that is wrong with it at once, each finding with its "
     "line, what was expected and the remedy. Connects to nothing and changes nothing.",
     .max_args = 0, .needs = READS_FILE, .run = cmd_validate},
    {"render", "[NODE...]", GROUP_WRITE, "write all XML and seeds to a folder, offline",
     "Writes what `virtopo up` would hand to libvirt: network and domain XML, volumes, and the "
     "cloud-init files of each node. The same file always gives the same bytes.\n\n"
     "With NODEs, only theirs.",
     OPTIONS(render), 0, ARGS_ANY, NEEDS_CLUSTER, cmd_render},
    {"import", "[DOMAIN...]", GROUP_WRITE, "write the file for domains that there are",
     "Writes a cluster's file for domains of a host, running or not, whoever made them: their "
     "hardware in the words of this file, defaults left out. What the file cannot say stands "
     "in "
     "a comment at its node. Nothing is changed on the host.\n\n"
     "Disks become sources, which virtopo uses and never makes, changes or removes; networks "
     "and "
     "bridges are used as they are. Passwords are not written.\n\n"
     "The file is for domains of its own: before its `virtopo up`, stop those that it was "
     "written from, as no disk may have two writers.",
     OPTIONS(import_cmd), 0, ARGS_ANY, 0, cmd_import},
    {"explain", "[KEY]", GROUP_WRITE, "say what a key of the file is",
     "Says of a key what it is, what it takes, its default, what changing it costs, where else "
     "it may be written, the keys below it, and shows it in an example. Without KEY, the keys "
     "at "
     "the top of the file.\n\n"
     "A KEY is named from the top: nodes.disks.bus, network.mtu. A node's key may be named "
     "without `nodes`: memory, disks.bus.",
     OPTIONS(explain), 0, 1, 0, cmd_explain},
    {"schema", "", GROUP_WRITE, "write the JSON Schema of the file, for editors",
     "Writes a JSON Schema (draft 2020-12) of the whole file. With it, an editor with the YAML "
     "language server completes keys, shows what they are, and marks what is wrong:\n\n"
     "`virtopo schema >virtopo.schema.json`, and as the first line of the cluster's file "
     "`# yaml-language-server: $schema=virtopo.schema.json`.\n\n"
     "What depends on the rest of the file, or on a host, `virtopo validate` and `virtopo "
     "plan` "
     "find.",
     OPTIONS(schema), 0, 0, 0, cmd_schema},
    {"plan", "[NODE...]", GROUP_RUN, "show what up would change",
     "Compares the file with what runs and prints every change with its cost: live, restart, "
     "recreate or data-loss. Changes nothing.\n\n"
     "With NODEs, only theirs and what those need.",
     OPTIONS(plan), 0, ARGS_ANY, NEEDS_CLUSTER, cmd_plan},
    {"up", "[NODE...]", GROUP_RUN, "make the cluster what the file says",
     "Makes networks, images, disks and nodes, starts the nodes, and waits until each is "
     "ready. "
     "Run again, it changes only what differs; run again after it was cut off, it goes on.\n\n"
     "Additions and live changes need no consent. A restart, a recreation or a loss of data "
     "asks on a terminal; elsewhere it needs --yes, and the last two also --recreate or "
     "--destroy-data. Without consent, nothing at all is changed.\n\n"
     "With --no-start, networks, images and disks are made and nodes defined, but what does "
     "not "
     "run stays stopped: a later `virtopo up` starts it. Nodes that run are changed as ever, "
     "and "
     "restarted where that is needed and allowed.\n\n"
     "With NODEs, only those and what they need. The exit code is 4 when some nodes failed and "
     "the rest are up.",
     OPTIONS(up), 0, ARGS_ANY, NEEDS_CLUSTER, cmd_up},
    {"down", "", GROUP_RUN, "remove the cluster",
     "Removes everything of the cluster from libvirt: nodes, disks, networks. Nothing that "
     "virtopo did not make is touched. Asks first; without a terminal it needs --yes.\n\n"
     "Base images stay, as other clusters may use them, until --prune.",
     OPTIONS(down), 0, 0, READS_FILE, cmd_down},
    {"clone", "NODE NEW", GROUP_RUN, "make a node of the disks of another",
     "Makes NEW, a node of its own, with copies of NODE's disks, and starts it. NODE may run, "
     "and runs on: its disks are copied as they are at one moment, with frozen file systems "
     "where its guest agent answers. NEW has addresses, a host name, SSH host keys and a "
     "machine id of its own, by its cloud-init.\n\n"
     "Where NEW is in the file, it is what the file says, with NODE's disks. Where not, it has "
     "NODE's keys; `plan` and `up` keep it, and what the file would say of it is printed.\n\n"
     "Disks that are somebody else's and devices of the host are not copied: such a NODE has "
     "clones only by way of the file. A clone that was cut off is cleaned up by the next "
     "`clone`, `up` or `down`.",
     OPTIONS(clone), 2, 2, NEEDS_CLUSTER, cmd_clone},
    {"export", "NODE [FILE]", GROUP_RUN, "a node's disk as an image file",
     "Writes the root disk of NODE, or another of its disks, as one image file with all that "
     "it is an overlay of. NODE may run, and runs on: the disk is copied as it is at one "
     "moment, with frozen file systems where its guest agent answers. FILE (default: "
     "NODE.qcow2) "
     "appears whole or not at all.\n\n"
     "The file can be the image of another cluster: `images: { NAME: { file: FILE } }`. With "
     "--image it goes into the host's store instead, and the line for the file is printed. "
     "What "
     "made the node itself is still in it.",
     OPTIONS(export_cmd), 1, 2, NEEDS_CLUSTER, cmd_export},
    {"status", "", GROUP_RUN, "show the nodes and their state",
     "Shows each node with its state, addresses and host, as libvirt sees it now.",
     OPTIONS(status), 0, 0, READS_FILE, cmd_status},
    {"list", "", GROUP_RUN, "list all clusters on the hosts",
     "Lists every cluster that was made with virtopo on the hosts, whoever made it. Needs no "
     "file; with one, its hosts are looked at.",
     .max_args = 0, .needs = READS_FILE, .run = cmd_list},
    {"ssh", "NODE [-- CMD...]", GROUP_REACH, "log in to a node, or run a command there",
     "Connects to the node with the cluster's user and key, its host key checked. With a "
     "command behind --, runs that and exits with its exit code.",
     .min_args = 1, .max_args = 1, .needs = NEEDS_CLUSTER | NEEDS_REST, .run = cmd_ssh},
    {"graph", "", GROUP_SHOW, "draw the topology",
     "Draws hosts, networks and nodes with their addresses: as an SVG picture, in the "
     "languages "
     "of Graphviz (dot) and Mermaid, or as text. Of the file, offline; with --live, of what "
     "there is on the hosts, with the state of each node.\n\n"
     "In a cluster of more than 24 nodes, four and more of a group that differ in nothing but "
     "their addresses are one box, until --expand. The same cluster always gives the same "
     "bytes.",
     OPTIONS(graph), 0, 0, READS_FILE, cmd_graph},
    {"version", "", GROUP_SHOW, "show the versions of virtopo and libvirt",
     "Shows the version of virtopo and of the libvirt library that it uses.", .max_args = 0,
     .run = cmd_version},
    {"help", "[COMMAND]", GROUP_SHOW, "show this help, or a command's",
     "Shows what commands and options there are; with COMMAND, all about that one.",
     OPTIONS(help), 0, 2, 0, cmd_help},
    {0},
};
