/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cluster model: what the file says, with defaults applied, counts expanded and references
 * resolved. Constant after cluster_load, but for the addresses that the address plan gives to
 * NICs. All of it lives in one arena.
 */
#ifndef CONFIG_CLUSTER_H
#define CONFIG_CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "config/hardware/chardev.h"
#include "config/hardware/cpu.h"
#include "config/hardware/desktop.h"
#include "config/hardware/device.h"
#include "config/hardware/disk.h"
#include "config/hardware/graphics.h"
#include "config/hardware/hostdev.h"
#include "config/hardware/memory.h"
#include "config/hardware/nic.h"
#include "config/hardware/platform.h"
#include "config/hardware/share.h"
#include "config/image/image.h"
#include "config/network/network.h"
#include "config/network/port_forward.h"
#include "config/schema/schema.h"
#include "util/address.h"

#define CLUSTER_MAX_NODES 10000
#define CLUSTER_NAME_LONGEST 32

struct ssh_access {
    const char *user; /* "root" by default */
    const char *key;  /* private key file, absolute; NULL: the cluster's own */
    bool user_given;
    const struct document_node *source;
};

struct host_entry {
    const char *name;
    const char *uri; /* "qemu:///system" by default */
    const char *dir; /* the store's folder on that host; by default as session.h has it */
    const struct document_node *source;
};

struct guest_file {
    const char *path;    /* in the guest, absolute */
    const char *content; /* the text; read from `from` where that is given */
    size_t content_length;
    const char *from;  /* a file here, or NULL */
    const char *mode;  /* "0644" */
    const char *owner; /* "root:root" */
    bool is_template;  /* guest_template.h */
    const struct document_node *source;
};

enum ready_kind { READY_SSH, READY_NONE };
struct ready_setting {
    bool given;
    int kind;
    uint64_t timeout; /* ms; 0: by default (5 min) */
    const struct document_node *source;
};

enum virt_mode { VIRT_AUTO, VIRT_KVM, VIRT_QEMU };

struct node {
    const char *name;  /* "web-2" */
    const char *group; /* "web": the key in the file; equals name without count */
    long long count;   /* 0: not numbered */
    long long index;   /* 1…count, or 0 */
    const char *host;  /* as written or "local"… ; never NULL after load */
    const char *image_name;
    const struct image *image; /* NULL: its root disk is empty at first */
    struct cpu_setting cpus;
    struct memory_setting memory;
    struct disk disk;              /* the root disk */
    struct list disks;             /* struct disk */
    struct list cdroms;            /* struct cdrom */
    struct list nics;              /* struct nic */
    struct list publish;           /* struct port_forward */
    struct string_list depends_on; /* as written: node or group names */
    struct node **dependencies;    /* resolved */
    size_t dependency_count;
    struct ready_setting ready;
    struct list files; /* struct guest_file */
    struct string_list packages;
    struct string_list run;
    struct label_list labels;
    int virt;           /* enum virt_mode */
    json_t *cloud_init; /* merged into user-data, or NULL; owned by the cluster */
    bool autostart;
    struct platform platform;
    const char *description;
    struct list graphics; /* struct graphics; one of type none stands for an empty list */
    struct video_setting video;
    struct sound_setting sound;
    struct list inputs; /* struct input */
    struct usb_setting usb;
    struct list serials, consoles, channels; /* struct chardev */
    int agent;                               /* enum switch_state; on by default */
    struct list shares;                      /* struct share */
    struct hostdev_setting devices;
    struct watchdog_setting watchdog;
    struct rng_setting rng;
    struct tpm_setting tpm;
    struct balloon_setting balloon;
    int panic; /* enum panic_model */
    struct vsock_setting vsock;
    struct iommu_setting iommu;
    const struct document_node *source; /* the node's merged mapping */
    /* NULL; else it is not in the file: a clone of that node, whose keys it has. */
    const char *clone_of;
};

struct cluster {
    struct arena *arena;
    json_t *trees;
    const char *file; /* as shown in messages */
    const char *name;
    const char *domain; /* DNS domain; default <name>.test */
    struct ssh_access ssh;
    struct list hosts;    /* struct host_entry; at least one after load */
    struct list images;   /* struct image */
    struct list networks; /* struct network */
    struct node *nodes;   /* expanded, in the file's order */
    size_t node_count;
    /* Clones that are not in the file, and neither is the node whose keys they had: of these,
     * only name, clone_of and addresses are known. */
    struct node *orphans;
    size_t orphan_count;
    const struct document_node *source;
};

/* The tables, also for documentation. */
extern const struct schema cluster_schema, ssh_schema, host_schema, node_schema,
    node_device_schema, node_network_schema, guest_file_schema, ready_schema;

struct network *cluster_network(const struct cluster *cluster, const char *name);
struct image *cluster_image(const struct cluster *cluster, const char *name);
struct node *cluster_node(const struct cluster *cluster, const char *name);
/* One more node, behind all others: with another node's keys, but for its addresses. The nodes
 * move; nobody may keep a pointer to one. */
void cluster_add_clone(struct cluster *cluster, const char *of, const char *name);
/* One more orphan, with addresses and no more; those on networks that are not in the file are
 * left out. */
void cluster_add_orphan(struct cluster *cluster, const char *of, const char *name,
                        const json_t *networks);
/* Forgets those that were added so. */
void cluster_drop_clones(struct cluster *cluster);
/* The root disk's place in the boot order: its own, or the first that nothing else has. */
int node_root_boot(const struct node *node);
/* The NIC that its way to the world is through, of one family; NULL: none. One with a route of
 * its own to everywhere goes before one that says default_route, this before the first that
 * leads out, and this before the first on a network that somebody else leads. */
const struct nic *node_default_nic(const struct node *node, bool six);
/* The spec of a node / a network as kept in its tag (schema_dump plus what the count and the
 * address plan gave). New reference. */
json_t *cluster_node_spec(const struct node *node);
json_t *cluster_network_spec(const struct network *network);
void cluster_free(struct cluster *cluster);
void cluster_cleanup(struct cluster **cluster);
#define auto_cluster __attribute__((cleanup(cluster_cleanup)))

#define list_each(type, list_, item)                                                       \
    for (type *item = (list_).items; item && item < (type *)(list_).items + (list_).count; \
         item++)

#endif
