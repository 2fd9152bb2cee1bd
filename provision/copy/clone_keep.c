/* SPDX-License-Identifier: Apache-2.0 */
/* Clones that are not in the file: they are kept as they are. */
#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/copy/clone.h"
#include "provision/image/image_seal.h"

/* The host of the file's node may be another by now. */
static void adopt(struct cluster *cluster, const struct site_host *host, const struct tag *tag)
{
    if (!cluster_node(cluster, tag->clone_of)) {
        cluster_add_orphan(cluster, tag->clone_of, tag->name,
                           json_object_get(tag->spec, "networks"));
        return;
    }
    cluster_add_clone(cluster, tag->clone_of, tag->name);
    cluster->nodes[cluster->node_count - 1].host =
        arena_strdup(cluster->arena, host_name(host->host));
}

static void adopt_from(struct cluster *cluster, const struct site_host *host)
{
    for (size_t i = 0; i < host->survey.domain_count; i++) {
        const struct survey_domain *d = &host->survey.domains[i];
        const struct tag *tag = &d->config.tag;

        if (d->ours && tag->clone_of && !cluster_node(cluster, tag->name))
            adopt(cluster, host, tag);
    }
}

void clone_adopt(struct provision *p)
{
    struct cluster *cluster = p->site.cluster;
    const char *name = p->options.clone_name, *of = p->options.clone_of;

    cluster_drop_clones(cluster);
    for (size_t h = 0; h < p->site.host_count; h++)
        adopt_from(cluster, &p->site.hosts[h]);
    if (name && !cluster_node(cluster, name) && cluster_node(cluster, of))
        cluster_add_clone(cluster, of, name);
}

static void refuse_address(const struct cluster *cluster, const struct node *orphan,
                           const struct nic *taken, struct diagnostics *d)
{
    for (size_t i = 0; i < cluster->node_count; i++)
        list_each(struct nic, cluster->nodes[i].nics, nic)
        {
            char text[IP6_TEXT];

            bool same = nic->ip_explicit && nic->ip == taken->ip;
            bool same6 = nic->ip6_explicit && ip6_compare(nic->ip6, taken->ip6) == 0;

            if (nic->net != taken->net || (!same && !same6))
                continue;
            diagnostic_hint(
                diagnostics_error(d, nic->source->position, "address-taken",
                                  "address %s on network '%s' is not free for '%s': node "
                                  "'%s' has it, a clone of '%s' that is not in the file",
                                  same ? ip4_format(nic->ip, text) : ip6_format(nic->ip6, text),
                                  nic->network, cluster->nodes[i].name, orphan->name,
                                  orphan->clone_of),
                "choose another address; or remove the clone (virsh destroy %s_%s; virsh "
                "undefine %s_%s)",
                cluster->name, orphan->name, cluster->name, orphan->name);
        }
}

static int check_networks(const struct provision *p, const struct survey *survey,
                          const struct tag *tag, struct error **err)
{
    const json_t *networks = json_object_get(tag->spec, "networks");
    const json_t *item;
    size_t i;

    json_array_foreach (networks, i, item) {
        const char *name = json_string_value(json_object_get(item, "network"));
        auto_free char *domain = identity_domain(p->site.cluster_name, tag->name);
        auto_free char *network = name ? identity_network(p->site.cluster_name, name) : NULL;
        const struct survey_network *found =
            name ? survey_network_named(survey, network) : NULL;

        if (!found || !found->ours || cluster_network(p->site.cluster, name))
            continue;
        error_set(err, ERROR_CONFLICT,
                  "network '%s' is not in the file any more, and node '%s' is on it: a clone "
                  "of '%s', which are not in the file either",
                  name, tag->name, tag->clone_of);
        return error_hint(err,
                          "write the network into the file again, or remove the clone (virsh "
                          "destroy %s; virsh undefine %s)",
                          domain, domain);
    }
    return 0;
}

static bool is_orphan(const struct cluster *cluster, const struct survey_domain *d)
{
    for (size_t i = 0; d->ours && i < cluster->orphan_count; i++) {
        if (strcmp(cluster->orphans[i].name, d->config.tag.name) == 0)
            return true;
    }
    return false;
}

int clone_check_orphans(const struct provision *p, struct diagnostics *d, struct error **err)
{
    const struct cluster *cluster = p->site.cluster;

    for (size_t i = 0; i < cluster->orphan_count; i++)
        list_each(struct nic, cluster->orphans[i].nics, nic)
            refuse_address(cluster, &cluster->orphans[i], nic, d);
    for (size_t h = 0; h < p->site.host_count; h++) {
        const struct survey *survey = &p->site.hosts[h].survey;

        for (size_t i = 0; i < survey->domain_count; i++) {
            const struct survey_domain *domain = &survey->domains[i];

            if (is_orphan(cluster, domain) &&
                check_networks(p, survey, &domain->config.tag, err) < 0)
                return -1;
        }
    }
    return d->errors ? -1 : 0;
}

/* What tells of the image: its own tag, or, of a clone that this run makes of another one, that
 * one's. */
static const struct survey_domain *image_source(const struct machine *m)
{
    const struct provision *p = m->provision;
    const struct node *of =
        p->options.clone_of ? cluster_node(p->site.cluster, p->options.clone_of) : NULL;
    char uuid[UUID_TEXT];

    if (machine_keeps(m))
        return m->found;
    if (m->found || !m->node->clone_of || !of || !of->clone_of ||
        strcmp(m->name, p->options.clone_name) != 0)
        return NULL;
    identity_domain_uuid(p->site.cluster_name, of->name, uuid);
    return survey_domain(&m->host->survey, uuid);
}

static void fill(struct image_object *image, const struct tag *tag)
{
    const struct survey *survey = &image->host->survey;
    auto_free char *root_name = machine_root_name(tag->name);
    const struct survey_volume *root = survey_pool_volume(&survey->volumes, root_name);
    const char *recipe = json_string_value(json_object_get(tag->spec, "image_recipe"));
    const struct survey_volume *stored = image_seal_find(&survey->store, image->digest);
    const char *backing = root && root->readable ? root->view.backing_path : NULL;
    const char *slash = backing ? strrchr(backing, '/') : NULL;

    image->recipe = xstrdup_null(recipe);
    image->volume = slash ? xstrdup(slash + 1) : stored ? xstrdup(stored->name) : NULL;
    image->format = image->volume && strstr(image->volume, ".raw") ? "raw" : "qcow2";
    image->capacity = stored && stored->readable ? stored->view.capacity : 0;
}

bool clone_keep_image(struct machine *m)
{
    const struct survey_domain *source = image_source(m);
    const char *digest;

    if (!source)
        return false;
    digest = json_string_value(json_object_get(source->config.tag.spec, "image_digest"));
    if (!digest)
        return !json_object_get(source->config.tag.spec, "image");
    m->own_image = xcalloc(1, sizeof *m->own_image);
    m->own_image->provision = m->provision;
    m->own_image->host = m->host;
    m->own_image->image = m->node->image;
    m->own_image->digest = xstrdup(digest);
    fill(m->own_image, &source->config.tag);
    m->image = m->own_image;
    return true;
}

void clone_free_image(struct image_object *image)
{
    if (!image)
        return;
    free(image->digest);
    free(image->recipe);
    free(image->volume);
    free(image);
}
