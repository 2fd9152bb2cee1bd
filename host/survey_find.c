/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "host/survey.h"

struct survey_domain *survey_domain(const struct survey *survey, const char *uuid)
{
    for (size_t i = 0; i < survey->domain_count; i++) {
        if (strcmp(survey->domains[i].uuid, uuid) == 0)
            return &survey->domains[i];
    }
    return NULL;
}

struct survey_domain *survey_domain_named(const struct survey *survey, const char *name)
{
    for (size_t i = 0; i < survey->domain_count; i++) {
        if (strcmp(survey->domains[i].name, name) == 0)
            return &survey->domains[i];
    }
    return NULL;
}

struct survey_network *survey_network(const struct survey *survey, const char *uuid)
{
    for (size_t i = 0; i < survey->network_count; i++) {
        if (strcmp(survey->networks[i].uuid, uuid) == 0)
            return &survey->networks[i];
    }
    return NULL;
}

struct survey_network *survey_network_named(const struct survey *survey, const char *name)
{
    for (size_t i = 0; i < survey->network_count; i++) {
        if (strcmp(survey->networks[i].name, name) == 0)
            return &survey->networks[i];
    }
    return NULL;
}

struct survey_volume *survey_pool_volume(const struct survey_pool *pool, const char *name)
{
    for (size_t i = 0; i < pool->volume_count; i++) {
        if (strcmp(pool->volumes[i].name, name) == 0)
            return &pool->volumes[i];
    }
    return NULL;
}

bool survey_domain_has_disk(const struct survey_domain *domain, const char *path)
{
    for (size_t i = 0; domain && i < domain->config.disk_count; i++) {
        if (domain->config.disks[i].path && strcmp(domain->config.disks[i].path, path) == 0)
            return true;
    }
    return false;
}
