/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The NoCloud seed of a node: user-data, meta-data and network-config version 2 (addresses by
 * MAC, so that neither interface names nor DHCP matter), and the ISO 9660 image that carries
 * them (volume id "cidata"), the same bytes for the same input at any time.
 */
#ifndef TEMPLATES_CLOUD_INIT_H
#define TEMPLATES_CLOUD_INIT_H

#include "config/cluster.h"
#include "util/buffer.h"

struct seed_template {
    const struct cluster *cluster;
    const struct node *node;
    const char *instance_id;      /* changes when first-boot work must run again */
    const char *authorized_key;   /* "ssh-ed25519 AAAA… comment", or NULL */
    const char *login;            /* the user that `virtopo ssh` takes */
    const char *host_private_key; /* OpenSSH PEM of the guest's host key, or NULL */
    const char *host_public_key;
    bool new_identity; /* the disk is a copy of another node's: what that was must go */
};

int seed_user_data(const struct seed_template *t, struct buffer *out,
                   struct error **err) MUST_CHECK;
int seed_meta_data(const struct seed_template *t, struct buffer *out,
                   struct error **err) MUST_CHECK;
int seed_network_config(const struct seed_template *t, struct buffer *out,
                        struct error **err) MUST_CHECK;
/* All three in an ISO image, and, where the node has files with `template`, what guests without
 * cloud-init can do with a shell: files.sh, which puts file.1, file.2, … where they belong. */
int seed_iso(const struct seed_template *t, struct buffer *out, struct error **err) MUST_CHECK;
/* A digest of what the three texts say, but for the host keys: the seed's part of a spec. */
int seed_hash(const struct seed_template *t, char out[65], struct error **err) MUST_CHECK;

#endif
