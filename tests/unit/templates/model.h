/* SPDX-License-Identifier: Apache-2.0 */
/* A small cluster made by hand, for the renderers' tests. */
#ifndef TESTS_TEMPLATES_MODEL_H
#define TESTS_TEMPLATES_MODEL_H

#include "templates/cloud_init.h"
#include "templates/domain/domain_xml.h"
#include "templates/network_xml.h"

#define MODEL_KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFexample lab"

struct model {
    struct cluster cluster;
    struct network lan, san;
    struct image image;
    struct node node;
    struct nic nics[3];
    struct guest_file files[4];
    const char *run[2];
    const char *packages[2];
    struct tag tag;
    struct domain_disk disks[4];
    struct domain_nic domain_nics[2];
    struct domain_template domain;
    struct network_host hosts[3];
    struct network_template network;
    struct seed_template seed;
};

/* Two networks, a node on both with four disks, no files and nothing to run. */
void model_init(struct model *m);
void model_done(struct model *m);
/* Gives the node packages, files and commands. */
void model_add_work(struct model *m);

#endif
