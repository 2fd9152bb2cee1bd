/* SPDX-License-Identifier: Apache-2.0 */
/* <vcpu> and <cpu>. */
#include <string.h>

#include "config/hardware/cpu.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static void import_counts(json_t *cpus, xmlNodePtr domain)
{
    auto_free char *text = import_text(domain, "vcpu");
    auto_free char *current = import_text(domain, "vcpu@current");
    long long most = xmlreader_number(text, 1);
    long long count = xmlreader_number(current, most);

    import_set(cpus, "count", json_integer(count));
    if (most != count)
        import_set(cpus, "max", json_integer(most));
}

/* What virtopo takes where nothing is said. */
static const char *usual_mode(xmlNodePtr domain)
{
    return cpu_modes[xmlreader_is(domain, "type", "kvm") ? CPU_MODE_PASSTHROUGH
                                                         : CPU_MODE_MAXIMUM];
}

static void import_mode(json_t *cpus, xmlNodePtr domain, xmlNodePtr cpu)
{
    auto_free char *mode = xmlreader_attribute(cpu, "mode");
    auto_free char *check = xmlreader_attribute(cpu, "check");
    const char *usual_check;

    if (!mode)
        mode = xstrdup("custom");
    if (strcmp(mode, "custom") != 0 && strcmp(mode, usual_mode(domain)) != 0)
        import_set_word(cpus, "mode", cpu_modes, mode);
    usual_check = strcmp(mode, "custom") == 0 || strcmp(mode, "host-model") == 0
                      ? cpu_checks[CPU_CHECK_PARTIAL]
                      : cpu_checks[CPU_CHECK_NONE];
    if (check && strcmp(check, usual_check) != 0)
        import_set_word(cpus, "check", cpu_checks, check);
}

static void import_cpu_features(json_t *cpus, xmlNodePtr cpu)
{
    import_each(cpu, "feature", n)
    {
        auto_free char *name = xmlreader_attribute(n, "name");
        auto_free char *policy = xmlreader_attribute(n, "policy");

        if (!name || (policy && !import_has_word(cpu_policies, policy)))
            continue;
        if (!json_object_get(cpus, "features"))
            json_object_set_new(cpus, "features", json_object());
        json_object_set_new(json_object_get(cpus, "features"), name,
                            json_string(policy ? policy : cpu_policies[CPU_POLICY_REQUIRE]));
    }
}

static json_t *import_distances(xmlNodePtr cell, long long own)
{
    json_t *distances = json_object();

    import_each(xmlreader_child(cell, "distances"), "sibling", n)
    {
        auto_free char *id = xmlreader_attribute(n, "id");
        auto_free char *value = xmlreader_attribute(n, "value");
        long long distance = xmlreader_number(value, 0);
        bool is_own = xmlreader_number(id, -1) == own;

        if (id && distance != (is_own ? NUMA_DISTANCE_LOCAL : NUMA_DISTANCE_REMOTE))
            json_object_set_new(distances, id, json_integer(distance));
    }
    return distances;
}

/* <numatune> has what a cell's memory is taken from. */
static void import_cell_nodes(json_t *cell, xmlNodePtr domain, const char *id)
{
    import_each(xmlreader_child(domain, "numatune"), "memnode", n)
    {
        static const struct import_row rows[] = {
            {"nodes", "@nodeset", IMPORT_TEXT},
            {"mode", "@mode", IMPORT_WORD, numa_modes},
            {0},
        };

        if (xmlreader_is(n, "cellid", id))
            import_rows(cell, n, rows);
    }
}

static json_t *import_cells(xmlNodePtr domain, xmlNodePtr cpu)
{
    json_t *cells = json_array();

    import_each(xmlreader_child(cpu, "numa"), "cell", n)
    {
        json_t *cell = json_object();
        auto_free char *id = xmlreader_attribute(n, "id");

        if (!id)
            id = xasprintf("%zu", json_array_size(cells));
        import_set_size(cell, "memory", xmlreader_attribute_bytes(n, "memory", "KiB"));
        static const struct import_row rows[] = {{"cpus", "@cpus", IMPORT_TEXT}, {0}};
        import_rows(cell, n, rows);
        import_set(cell, "distances", import_distances(n, xmlreader_number(id, 0)));
        import_cell_nodes(cell, domain, id);
        json_array_append_new(cells, cell);
    }
    return cells;
}

/* A single cell of all CPUs is what room for more memory takes anyway. */
static bool is_plain_cell(xmlNodePtr domain, const json_t *cells)
{
    const json_t *cell = json_array_get(cells, 0);

    return json_array_size(cells) == 1 && xmlreader_child(domain, "maxMemory") &&
           !json_object_get(cell, "nodes") && !json_object_get(cell, "distances");
}

static void import_model(json_t *cpus, xmlNodePtr domain, xmlNodePtr cpu)
{
    static const struct import_row rows[] = {
        {"model", "model", IMPORT_TEXT},
        {"vendor_id", "model@vendor_id", IMPORT_TEXT},
        {"topology.sockets", "topology@sockets", IMPORT_NUMBER},
        {"topology.dies", "topology@dies", IMPORT_NUMBER},
        {"topology.cores", "topology@cores", IMPORT_NUMBER},
        {"topology.threads", "topology@threads", IMPORT_NUMBER},
        {"cache", "cache@mode", IMPORT_WORD, cpu_caches},
        {0},
    };
    json_t *cells = import_cells(domain, cpu);

    import_rows(cpus, cpu, rows);
    if (json_is_integer(json_object_get(json_object_get(cpus, "topology"), "dies")) &&
        json_integer_value(json_object_get(json_object_get(cpus, "topology"), "dies")) == 1)
        json_object_del(json_object_get(cpus, "topology"), "dies");
    /* libvirt says so of every CPU that may move */
    if (xmlreader_is(cpu, "migratable", "off"))
        import_set(cpus, "migratable", json_false());
    import_cpu_features(cpus, cpu);
    if (!is_plain_cell(domain, cells))
        import_set(cpus, "numa", json_incref(cells));
    json_decref(cells);
}

void import_cpus(json_t *node, xmlNodePtr domain)
{
    json_t *cpus = json_object();
    xmlNodePtr cpu = xmlreader_child(domain, "cpu");

    import_counts(cpus, domain);
    if (cpu) {
        import_mode(cpus, domain, cpu);
        import_model(cpus, domain, cpu);
    }
    import_cpu_tune(cpus, domain);
    import_set(node, "cpus", cpus);
}
