/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A node on its host: what the resources "node", "volume", "seed" and "ready" share about it.
 * Owned by the node's resource; the others borrow it. During apply each field is written by
 * one step only, and read by steps that come after it.
 */
#ifndef PROVISION_MACHINE_H
#define PROVISION_MACHINE_H

#include "provision/image/image.h"
#include "provision/provision.h"
#include "templates/cloud_init.h"

struct machine {
    struct provision *provision;
    struct site_host *host;
    const struct node *node; /* NULL: not wanted any more */
    char *name;              /* "web-1" */
    char *domain_name;       /* "lab_web-1" */
    char uuid[UUID_TEXT];
    char *pool_path;                   /* the folder of its volumes */
    struct image_object *image;        /* NULL: not wanted any more */
    struct image_object *own_image;    /* a clone's, which the file may not have any more */
    const struct survey_domain *found; /* NULL: not defined */
    struct resource *resource, *root, *seed, *ready;
    bool is_copy;       /* this run makes its disks as copies of another node's */
    bool fresh_root;    /* the root overlay is made in this run, so a first boot comes */
    char *host_key;     /* the guest's public host key, once known */
    char seed_hash[65]; /* wanted; empty until the key is known */
    bool was_restarted; /* this run started it, so `ready` must be waited for */
};

/* The resource kind "node" (domain.c). */
extern const struct resource_kind domain_kind;

struct machine *machine_new(struct provision *p, struct site_host *host, const char *name);
void machine_free(struct machine *m);

/* A clone that is not in the file is the only copy of what it has: what just a new guest could
 * be given (image, files, run …) stays as it was. */
bool machine_keeps(const struct machine *m);

/* The login that guests are reached with, "root" by default. */
const char *machine_login(const struct machine *m);
/* What the seed is made of; host keys are the caller's to add. */
struct seed_template machine_seed(const struct machine *m);
/* Fills seed_hash from the present state of the key. */
int machine_hash_seed(struct machine *m, struct error **err) MUST_CHECK;
/* The spec for the tag: the node's, with its image's digest and its seed. New reference. */
json_t *machine_spec(const struct machine *m);
/* The spec as last applied, or NULL. Borrowed. */
const json_t *machine_applied(const struct machine *m);
/* What the guest must be made anew for (image, files, run …), as differences added to `list`
 * (may be NULL). True when there are any. */
bool machine_needs_recreate(const struct machine *m, struct change_list *list);

/* Adds a difference of two values of a spec. */
void machine_add_change(struct change_list *list, enum change_class class, const char *key,
                        const json_t *from, const json_t *to);

/* Names and paths of its volumes; the caller frees them. */
char *machine_root_name(const char *node); /* "web-1.root.qcow2" */
/* That of a disk that virtopo makes: "web-1.data.qcow2", or ….raw */
char *machine_disk_name(const char *node, const struct disk *disk);
char *machine_seed_name(const struct machine *m); /* "web-1.seed-1f3a….iso" */
char *machine_console_name(const char *node);     /* "web-1.console.log" */
char *machine_path(const struct machine *m, const char *volume);
/* Whether this run may start it: with --no-start, only what runs already (a restart). */
bool machine_may_start(const struct machine *m);
/* What libvirt calls the network of a NIC; else the bridge or device that it is plugged into.
 * The caller frees it. */
char *machine_network(const struct machine *m, const struct nic *nic);
/* False for a NIC that is out of this machine's reach, whatever its address: the kernel passes
 * nothing between a macvtap and the host whose device it is on. */
bool machine_reaches(const struct machine *m, const struct nic *nic);
/* The first address of the node that is in reach, 0: none. */
uint32_t machine_address(const struct machine *m);
#define MACHINE_SSH_PORT 22
/* Where its SSH server is reached from here: at its first address or, where there is no other
 * way in, at a port of the host that is forwarded to it. */
struct machine_way {
    uint32_t ip; /* 0: not known yet */
    int port;
};
struct machine_way machine_way(const struct machine *m);

#endif
