/* SPDX-License-Identifier: Apache-2.0 */
/* The work of loading a cluster: what the steps (bind, merge, resolve, expand, check) share. */
#ifndef CONFIG_LOADER_H
#define CONFIG_LOADER_H

#include "config/cluster.h"
#include "config/finding.h"
#include "config/names.h"

/* A key of `nodes`: one node, or `count` numbered ones. */
struct group {
    struct node base;   /* what its nodes have in common */
    struct node *nodes; /* the expanded ones */
    size_t size;
    struct group **waits_for; /* the groups of its dependencies */
    size_t waits_for_count;
    int mark; /* of the search for cycles */
};

/* What a name in depends_on can stand for. */
struct target {
    struct group *group;
    struct node *node; /* one of them, or NULL: all */
};

/* --set KEY=VALUE */
struct setting {
    const char *key, *value;
};

/* A set of node keys with a name. */
struct profile {
    const char *name;
    const struct document_node *source;
    const char *origin;                                         /* "profiles.NAME" */
    enum { PROFILE_UNSEEN, PROFILE_OPEN, PROFILE_CLOSED } mark; /* of searches */
    const char *users[DIAGNOSTIC_SUBJECTS]; /* the first nodes that take it */
    size_t user_count;
};

/* What all nodes may have with what they inherit. */
#define COMPOSED_MAX_VALUES 10000000

struct loader {
    struct arena *arena;
    struct diagnostics *d;
    struct binder binder;
    struct cluster *cluster;
    const struct document_node *root;
    struct group *groups;
    size_t group_count;
    struct document_budget budget;
    struct names folders; /* where relative paths start, by the name of the file */
    struct setting *settings;
    size_t setting_count;
    size_t composed; /* findings that there were when the tree was complete */
    struct profile *profiles;
    size_t profile_count;
    struct names profile_names;
    struct names bases; /* what is under nodes, by the profiles that they take */
    size_t merged;      /* values in merged mappings so far */
    bool merges_files;  /* what is there keeps its place, new keys go behind it */
    struct names images, networks, targets;
    struct names contents; /* struct guest_file by the path it was read from */
    struct names digests;  /* of passwords, by the password */
};

/* Defaults that depend on other values; names to what they stand for. */
void resolve_cluster(struct loader *l, const char *default_uri);
void resolve_groups(struct loader *l);
void resolve_devices(struct loader *l, struct node *node);
/* Groups to nodes; false (with a finding) when there are too many. */
bool expand_groups(struct loader *l);

void check_cluster(struct loader *l);
void check_images(struct loader *l);
/* What is to be fetched; `name` is what messages call it. Digests become lower case, paths
 * absolute. */
void check_download(struct loader *l, const struct document_node *source,
                    struct download *download, const char *name);
/* The part of check_images about `iso`. Paths become absolute. */
void check_install(struct loader *l, struct image *image);
/* The file against its lock at `path` (NULL: it has none), which also gives digests. */
void check_locks(struct loader *l, const char *path);
/* What can be a login; NULL is fine. */
void check_login(struct loader *l, const struct document_node *source, const char *user);
void check_networks(struct loader *l);
void check_groups(struct loader *l);
/* What must hold between the keys of a node's hardware. */
void check_cpus(struct loader *l, const struct node *node);
/* The part of check_cpus about pins. */
void check_pins(struct loader *l, const struct cpu_setting *cpus);
void check_numa(struct loader *l, const struct node *node);
void check_memory(struct loader *l, const struct node *node);
/* All keys for devices but disks and networks; then the parts of that. */
void check_devices(struct loader *l, const struct node *node);
void check_graphics(struct loader *l, const struct node *node);
void check_desktop(struct loader *l, const struct node *node);
void check_chardevs(struct loader *l, const struct node *node);
void check_shares(struct loader *l, const struct node *node);
void check_hostdevs(struct loader *l, const struct node *node);
/* Refuses the keys (parted by blanks) unless what their rows say under `only` holds. */
void check_unfit(struct loader *l, const struct schema *schema,
                 const struct document_node *source, const char *keys, bool fits);
/* False (with a finding) when a path is not absolute; NULL is. */
bool check_absolute(struct loader *l, const struct document_node *source, const char *key,
                    const char *path);
/* Refuses what one node of a host alone can have where `count` makes several. */
void check_single(struct loader *l, const struct node *node, struct position at,
                  const char *what);
/* A size that must be whole MiB. */
void check_step(struct loader *l, struct position at, const char *key, uint64_t size);
/* Platform keys; `xml`. */
void check_platform(struct loader *l, struct node *node);
void check_boot_names(struct loader *l, const struct node *node);
void check_os(struct loader *l, struct node *node);
void check_clock(struct loader *l, const struct node *node);
void check_node_features(struct loader *l, const struct node *node);
void check_smbios(struct loader *l, const struct node *node);
void check_fragments(struct loader *l, const struct node *node);
/* Reads `from`, and checks what files say. */
void check_files(struct loader *l, struct list *files);
/* The names in files with `template`; none for an image. */
void check_templates(struct loader *l, const struct node *node);
void check_no_templates(struct loader *l, const struct list *files);
/* The names in `packages`. */
void check_packages(struct loader *l, const struct document_node *source);
/* Of an image that comes `from` another. */
void check_layer(struct loader *l, struct image *image);
/* A size must be whole MiB. */
void check_step(struct loader *l, struct position at, const char *key, uint64_t size);
void check_disks(struct loader *l, const struct node *node);
void check_disk_source(struct loader *l, const struct disk *disk);
void check_cdroms(struct loader *l, const struct node *node);
void check_nics(struct loader *l, const struct node *node);
/* Their routes, and that no more than one is the default one. */
void check_nic_routes(struct loader *l, const struct node *node);
/* Two devices of a node cannot have the same place. */
void check_boot_order(struct loader *l, const struct node *node);
/* A disk that several nodes have, though only one may write to it. */
void check_shared_disks(struct loader *l);
void check_names(struct loader *l);
void check_dependencies(struct loader *l);
void check_cycles(struct loader *l);
void check_addresses(struct loader *l);
/* The same of IPv6. */
void check_addresses6(struct loader *l);
void check_macs(struct loader *l);
/* Who shares the device of a network of mode macvtap. */
void check_macvtaps(struct loader *l);
/* The VLANs of a network or NIC. */
void check_vlan(struct loader *l, const struct vlan_setting *vlan);
/* What nodes of one host cannot both have. */
void check_host_shares(struct loader *l);
/* Ports of a host that lead to more than one place. */
void check_forwards(struct loader *l);
/* The part of it about where they lead. */
void check_publish(struct loader *l, const struct node *node);
/* Networks of mode user, and what a user's own libvirt cannot have. */
void check_user_nets(struct loader *l);

/* True for an absolute path without empty, "." and ".." parts. */
bool is_clean_path(const char *path);
/* Where a key's value stands; without one, where its mapping does. */
struct position loader_position(const struct document_node *mapping, const char *key);
/* True when the file says what makes the node ready, not just how long that may take. */
bool loader_has_ready_kind(const struct node *node);
/* Where something else is, for messages about what stands `here`: "line 6", "line 6 of
 * net.yaml". */
const char *loader_line(struct loader *l, struct position here, struct position there);
/* What a subnet has for nodes: "10.20.0.2 to 10.20.0.254". */
const char *loader_room(struct loader *l, const struct network *network);
const char *loader_room6(struct loader *l, const struct network *network);
/* "did you mean 'x'?", else the names there are, else `none`. */
const char *loader_hint(struct loader *l, const char *word, const struct list *list,
                        size_t item_size, const char *none);

#endif
