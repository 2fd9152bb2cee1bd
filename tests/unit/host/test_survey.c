/* SPDX-License-Identifier: Apache-2.0 */
/* On libvirt's test driver: one domain, network and pool of its own, and what we add. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/identity.h"
#include "host/survey.h"

static struct host *host;

static int open_host(void **state)
{
    (void)state;
    return host_open("alpha", "test:///default", "/var/lib/virtopo", &host, NULL);
}

/* The driver forgets everything with its last connection. */
static int close_host(void **state)
{
    (void)state;
    host_close(host);
    return 0;
}

/* The tag of a node or network, or "" without a cluster. */
static char *tag_text(const char *cluster, const char *kind, const char *name)
{
    if (!cluster)
        return xstrdup("");
    return xasprintf("<metadata><virtopo:object xmlns:virtopo='" TAG_URI "' cluster='%s' "
                     "kind='%s' name='%s' host='alpha' owner='ann@desk' hash='x'>{}"
                     "</virtopo:object></metadata>",
                     cluster, kind, name);
}

enum identity { DERIVED, ANY };

static void define_domain(const char *libvirt_name, enum identity identity, const char *cluster,
                          const char *name, bool start)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_free char *metadata = tag_text(cluster, "node", name);
    auto_free char *xml = NULL;
    auto_domain virDomainPtr domain = NULL;
    char uuid[UUID_TEXT];

    identity_domain_uuid(identity == DERIVED ? cluster : libvirt_name, name, uuid);
    xml = xasprintf("<domain type='test'><name>%s</name><uuid>%s</uuid>%s"
                    "<memory unit='MiB'>128</memory><vcpu>2</vcpu><os><type>hvm</type></os>"
                    "</domain>",
                    libvirt_name, uuid, metadata);
    domain = virDomainDefineXML(call.connection, xml);
    assert_non_null(domain);
    if (start)
        assert_int_equal(virDomainCreate(domain), 0);
}

static void define_network(const char *libvirt_name, const char *cluster, const char *name)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_free char *metadata = tag_text(cluster, "network", name);
    auto_free char *xml = NULL;
    auto_network virNetworkPtr network = NULL;
    char uuid[UUID_TEXT];

    identity_network_uuid(cluster ? cluster : "none", name, uuid);
    xml = xasprintf("<network><name>%s</name><uuid>%s</uuid>%s<bridge name='br-%s'/>"
                    "<ip address='10.20.0.1' netmask='255.255.255.0'/></network>",
                    libvirt_name, uuid, metadata, libvirt_name);
    network = virNetworkDefineXML(call.connection, xml);
    assert_non_null(network);
}

static void define_pool(const char *name, const char *volume)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_free char *xml = xasprintf("<pool type='dir'><name>%s</name><target>"
                                    "<path>/virtopo/%s</path></target></pool>",
                                    name, name);
    auto_free char *volume_xml = xasprintf("<volume><name>%s</name><capacity>1048576</capacity>"
                                           "<target><format type='qcow2'/></target></volume>",
                                           volume);
    auto_pool virStoragePoolPtr pool = virStoragePoolDefineXML(call.connection, xml, 0);
    auto_volume virStorageVolPtr made = NULL;

    assert_non_null(pool);
    assert_int_equal(virStoragePoolCreate(pool, 0), 0);
    made = virStorageVolCreateXML(pool, volume_xml, 0);
    assert_non_null(made);
}

static struct survey read_all(const char *cluster)
{
    auto_error struct error *err = NULL;
    struct survey s;

    if (survey_read(host, cluster, &s, &err) < 0)
        fail_msg("%s", err->message);
    assert_null(err);
    return s;
}

static void only_foreign_things(void **state)
{
    struct survey s = read_all("lab");
    const struct survey_domain *domain = survey_domain_named(&s, "test");
    const struct survey_network *network = survey_network_named(&s, "default");

    (void)state;
    assert_int_equal(s.domain_count, 1);
    assert_non_null(domain);
    assert_false(domain->ours);
    assert_ptr_equal(survey_domain(&s, domain->uuid), domain);
    assert_int_equal(s.network_count, 1);
    assert_non_null(network);
    assert_false(network->ours);
    assert_true(network->active);
    assert_int_equal(network->view.subnet.prefix, 24); /* also of foreign ones */
    assert_ptr_equal(survey_network(&s, network->uuid), network);
    assert_string_equal(s.store.name, "virtopo");
    assert_string_equal(s.volumes.name, "virtopo_lab");
    assert_false(s.store.present || s.volumes.present);
    assert_null(survey_domain(&s, "00000000-0000-0000-0000-000000000000"));
    assert_null(survey_domain_named(&s, "none"));
    assert_null(survey_network(&s, "none"));
    assert_null(survey_network_named(&s, "none"));
    assert_null(survey_pool_volume(&s.volumes, "none"));
    survey_done(&s);
    assert_int_equal(s.domain_count, 0);
}

static void our_domains(void **state)
{
    struct survey s;
    const struct survey_domain *db, *web;

    (void)state;
    define_domain("lab_db", DERIVED, "lab", "db", true);
    define_domain("lab_web", DERIVED, "lab", "web", false);
    define_domain("lab_mine", ANY, NULL, "mine", false); /* our name, not our tag */
    define_domain("lab_x", DERIVED, "other", "x", false);
    define_domain("lab_copy", ANY, "lab", "db", false); /* copied with its tag */
    define_domain("renamed", DERIVED, "lab", "renamed", false);
    s = read_all("lab");
    db = survey_domain_named(&s, "lab_db");
    web = survey_domain_named(&s, "lab_web");
    assert_true(db->ours && db->active && db->has_live && db->persistent);
    assert_int_equal(db->state, VIR_DOMAIN_RUNNING);
    assert_string_equal(db->config.tag.name, "db");
    assert_string_equal(db->live.tag.cluster, "lab");
    assert_int_equal(db->config.cpus, 2);
    assert_true(db->live.memory == 128ULL << 20);
    assert_true(web->ours && !web->active && !web->has_live);
    assert_false(survey_domain_named(&s, "lab_mine")->ours);
    assert_false(survey_domain_named(&s, "lab_x")->ours);
    assert_false(survey_domain_named(&s, "lab_copy")->ours);
    assert_int_equal(s.domain_count, 7);
    survey_done(&s);
}

static void our_networks(void **state)
{
    struct survey s;
    const struct survey_network *lan;

    (void)state;
    define_network("lab_lan", "lab", "lan");
    define_network("lab_old", NULL, "old");
    s = read_all("lab");
    lan = survey_network_named(&s, "lab_lan");
    assert_true(lan->ours && lan->persistent && !lan->active && !lan->autostart);
    assert_string_equal(lan->view.bridge, "br-lab_lan");
    assert_string_equal(lan->view.tag.owner, "ann@desk");
    assert_false(survey_network_named(&s, "lab_old")->ours);
    survey_done(&s);
}

static void pools_and_volumes(void **state)
{
    struct survey s;

    (void)state;
    define_pool("virtopo", "base.qcow2");
    define_pool("virtopo_lab", "db.qcow2");
    define_pool("virtopo_other", "db.qcow2");
    s = read_all("lab");
    assert_true(s.store.present && s.store.active);
    assert_string_equal(s.store.path, "/virtopo/virtopo");
    assert_int_equal(s.store.volume_count, 1);
    assert_non_null(survey_pool_volume(&s.store, "base.qcow2"));
    assert_true(s.volumes.available > 0);
    assert_int_equal(s.volumes.volume_count, 1);
    const struct survey_volume *volume = survey_pool_volume(&s.volumes, "db.qcow2");
    assert_non_null(volume);
    assert_true(volume->readable);
    assert_string_equal(volume->view.format, "qcow2");
    assert_string_equal(volume->path, "/virtopo/virtopo_lab/db.qcow2");
    survey_done(&s);
}

/* Ours, stopped by somebody: what it holds is read, and it is stopped again. A foreign one of
 * the same name stays in the dark. */
static void stopped_pools(void **state)
{
    struct survey s;

    (void)state;
    define_pool("virtopo", "base.qcow2");
    define_pool("virtopo_lab", "db.qcow2");
    {
        auto_call struct host_call call = host_call_begin(host);
        auto_pool virStoragePoolPtr store =
            virStoragePoolLookupByName(call.connection, "virtopo");
        auto_pool virStoragePoolPtr pool =
            virStoragePoolLookupByName(call.connection, "virtopo_lab");
        auto_free char *xml = NULL;
        char uuid[UUID_TEXT];

        assert_int_equal(virStoragePoolDestroy(store), 0);
        assert_int_equal(virStoragePoolDestroy(pool), 0);
        assert_int_equal(virStoragePoolUndefine(pool), 0);
        identity_pool_uuid("lab", uuid);
        assert_int_equal(pool_xml("virtopo_lab", uuid, "/virtopo/lab", &xml, NULL), 0);
        virStoragePoolFree(pool);
        pool = virStoragePoolDefineXML(call.connection, xml, 0);
        assert_non_null(pool);
    }
    s = read_all("lab");
    assert_true(s.store.present && !s.store.active && !s.store.seen);
    assert_true(s.volumes.present && !s.volumes.active && s.volumes.seen);
    assert_string_equal(s.volumes.home_uuid, s.volumes.uuid);
    survey_done(&s);
    {
        auto_call struct host_call call = host_call_begin(host);
        auto_pool virStoragePoolPtr pool =
            virStoragePoolLookupByName(call.connection, "virtopo_lab");

        assert_int_equal(virStoragePoolIsActive(pool), 0);
    }
}

static void of_every_cluster(void **state)
{
    struct survey s;

    (void)state;
    define_domain("lab_db", DERIVED, "lab", "db", false);
    define_domain("other_db", DERIVED, "other", "db", true);
    define_pool("virtopo_lab", "db.qcow2");
    s = read_all(NULL);
    assert_true(survey_domain_named(&s, "lab_db")->ours);
    assert_true(survey_domain_named(&s, "other_db")->ours);
    assert_false(survey_domain_named(&s, "test")->ours);
    assert_false(s.volumes.present);
    survey_done(&s);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_host, close_host)
    const struct CMUnitTest tests[] = {
        TEST(only_foreign_things), TEST(our_domains),      TEST(our_networks),
        TEST(pools_and_volumes),   TEST(of_every_cluster), TEST(stopped_pools),
    };

    virt_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
