/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of the kind against libvirt's test driver, which is in the library: no daemon. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "network/address_plan.h"
#include "network/network.h"
#include "network/users.h"

#define HOSTS "hosts: { local: { uri: 'test:///default' } }\n"

/* Keeps the driver's state between two worlds; with the last connection it is as new. */
static virConnectPtr keeper;

struct live {
    struct world world;
    struct resource_set set;
};

static void live_open(struct live *l, const char *text)
{
    auto_free char *all = xasprintf(HOSTS "%s", text);
    struct error *err = NULL;

    *l = (struct live){{{0}}};
    world_open(&l->world, all);
    site_close(&l->world.site);
    expect_ok(site_open(l->world.cluster, NULL, NULL, NULL, 0, &l->world.site, &err), &err);
}

static void live_done(struct live *l)
{
    resource_set_done(&l->set);
    world_done(&l->world);
}
#define auto_live __attribute__((cleanup(live_done)))

/* Wants all networks of the file; returns the one called lan. */
static struct resource *want(struct live *l)
{
    struct error *err = NULL;

    list_each(struct network, l->world.cluster->networks, network)
        network_want(&l->set, &l->world.site, network, "local");
    expect_ok(network_kind.observe(&l->world.site, &l->set, &err), &err);
    return resource_set_find(&l->set, &network_kind, "local", "lan");
}

static void create(struct live *l, struct resource *r)
{
    struct error *err = NULL;

    expect_ok(network_kind.create(&l->world.site, r, NULL, &err), &err);
}

/* The network as it is now, or NULL. */
static const struct survey_network *look(struct live *l)
{
    struct error *err = NULL;

    expect_ok(site_survey(&l->world.site, &err), &err);
    return survey_network_named(&l->world.site.hosts[0].survey, "lab_lan");
}

static void expect_settled(const char *text)
{
    auto_live struct live l;
    auto_free char *changes = NULL;
    struct error *err = NULL;
    struct resource *r;

    live_open(&l, text);
    r = want(&l);
    assert_true(r->present);
    expect_ok(network_kind.diff(&l.world.site, r, &err), &err);
    changes = changes_text(&r->changes);
    assert_string_equal(changes, "");
    assert_false(r->replace);
}

static void update(const char *text, const char *expected)
{
    auto_live struct live l;
    auto_free char *changes = NULL;
    struct error *err = NULL;
    struct resource *r;

    live_open(&l, text);
    r = want(&l);
    expect_ok(network_kind.diff(&l.world.site, r, &err), &err);
    changes = changes_text(&r->changes);
    assert_string_equal(changes, expected);
    expect_ok(network_kind.update(&l.world.site, r, NULL, &err), &err);
}

static void destroy(const char *text)
{
    auto_live struct live l;
    struct error *err = NULL;
    struct resource *r;

    live_open(&l, text);
    r = want(&l);
    expect_ok(network_kind.destroy(&l.world.site, r, NULL, &err), &err);
    /* again, as after a run that was cut off */
    expect_ok(network_kind.destroy(&l.world.site, r, NULL, &err), &err);
    assert_null(look(&l));
}

#define ALL_KEYS                                                                       \
    "networks: { lan: { subnet: 10.20.0.0/24, gateway: 10.20.0.9, bridge: br-x, stp: " \
    "true, forward_delay: 1500ms, mtu: 1400, autostart: true, dhcp: [10.20.0.100, "    \
    "10.20.0.110] } }\nnodes: { a: { networks: [lan, lan, { lan: dhcp }] } }\n"

static void create_is_settled(void **state)
{
    auto_live struct live l;
    const struct survey_network *found;
    struct resource *r;

    (void)state;
    live_open(&l, ALL_KEYS);
    r = want(&l);
    create(&l, r);
    create(&l, r); /* again, as after a run that was cut off */
    found = look(&l);
    assert_non_null(found);
    assert_true(found->ours && found->active && found->persistent && found->autostart);
    assert_string_equal(found->view.tag.name, "lan");
    expect_settled(ALL_KEYS);
    destroy(ALL_KEYS);
}

#define NODES(n) "networks: { lan: { subnet: 10.20.0.0/24 } }\nnodes: {" n " }\n"

/* One after the other: each is a no-op when it is done. */
static void updates(void **state)
{
    auto_live struct live l;

    (void)state;
    live_open(&l, NODES("a: { networks: [{ lan: 10.20.0.5 }] }"));
    create(&l, want(&l));
    update(
        NODES("a: { networks: [{ lan: 10.20.0.6 }] }, b: { networks: [{ lan: 10.20.0.5 }] }"),
        "live address of b nothing -> 10.20.0.5\n"
        "live address of a 10.20.0.5 -> 10.20.0.6\n");
    expect_settled(
        NODES("a: { networks: [{ lan: 10.20.0.6 }] }, b: { networks: [{ lan: 10.20.0.5 }] }"));
    /* swapped */
    update(
        NODES("a: { networks: [{ lan: 10.20.0.5 }] }, b: { networks: [{ lan: 10.20.0.6 }] }"),
        "live address of a 10.20.0.6 -> 10.20.0.5\n"
        "live address of b 10.20.0.5 -> 10.20.0.6\n");
    expect_settled(
        NODES("a: { networks: [{ lan: 10.20.0.5 }] }, b: { networks: [{ lan: 10.20.0.6 }] }"));
    /* a second NIC of a node that has one there */
    update(NODES("a: { networks: [{ lan: 10.20.0.5 }, { lan: 10.20.0.7 }] }"),
           "live address of a nothing -> 10.20.0.7\n"
           "live address of b 10.20.0.6 -> nothing\n");
    expect_settled(NODES("a: { networks: [{ lan: 10.20.0.5 }, { lan: 10.20.0.7 }] }"));
    /* the first is now what was the second */
    update(NODES("a: { networks: [{ lan: 10.20.0.7 }] }"),
           "live address of a 10.20.0.5 -> 10.20.0.7\n"
           "live address of 52:c7:d1:97:4e:7b 10.20.0.7 -> nothing\n");
    expect_settled(NODES("a: { networks: [{ lan: 10.20.0.7 }] }"));
    update(NODES(""), "live address of a 10.20.0.7 -> nothing\n");
    expect_settled(NODES(""));
    destroy(NODES(""));
}

static void behind_our_back(void **state)
{
    auto_live struct live l;
    auto_network virNetworkPtr network = NULL;
    const char *text = NODES("a: { networks: [{ lan: 10.20.0.5 }] }");

    (void)state;
    live_open(&l, text);
    create(&l, want(&l));
    network = virNetworkLookupByName(keeper, "lab_lan");
    assert_int_equal(
        virNetworkUpdate(network, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
                         VIR_NETWORK_SECTION_IP_DHCP_HOST, -1,
                         "<host mac='52:54:00:00:00:99' ip='10.20.0.99'/>",
                         VIR_NETWORK_UPDATE_AFFECT_CONFIG | VIR_NETWORK_UPDATE_AFFECT_LIVE),
        0);
    assert_int_equal(
        virNetworkUpdate(network, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
                         VIR_NETWORK_SECTION_IP_DHCP_HOST, -1,
                         "<host name='x' ip='10.20.0.98'/>",
                         VIR_NETWORK_UPDATE_AFFECT_CONFIG | VIR_NETWORK_UPDATE_AFFECT_LIVE),
        0);
    assert_int_equal(virNetworkSetAutostart(network, 1), 0);
    update(text, "live autostart on -> off\n"
                 "live address of 52:54:00:00:00:99 10.20.0.99 -> nothing\n"
                 "live address of x 10.20.0.98 -> nothing\n");
    expect_settled(text);
    assert_int_equal(virNetworkDestroy(network), 0);
    update(text, "live state stopped -> running\n");
    expect_settled(text);
    destroy(text);
}

/* One that runs without a definition, as after virsh net-undefine. */
static void undefined_while_it_runs(void **state)
{
    auto_live struct live l;
    auto_network virNetworkPtr network = NULL;
    auto_free char *xml = NULL;
    const char *text = NODES("a: { networks: [{ lan: 10.20.0.5 }] }");

    (void)state;
    live_open(&l, text);
    xml = world_network_xml(&l.world, "lan");
    network = virNetworkCreateXML(keeper, xml);
    if (!network)
        fail_msg("%s", virGetLastErrorMessage());
    update(text, "live definition nothing -> persistent (changed outside of virtopo)\n");
    expect_settled(text);
    destroy(text);
}

static virDomainPtr foreign_domain(const char *name, const char *network)
{
    auto_free char *xml = xasprintf("<domain type='test'><name>%s</name><memory>1024</memory>"
                                    "<os><type>hvm</type></os><devices><interface "
                                    "type='network'><source network='%s'/></interface>"
                                    "</devices></domain>",
                                    name, network);
    virDomainPtr domain = virDomainDefineXML(keeper, xml);

    assert_non_null(domain);
    return domain;
}

static void foreign_users(void **state)
{
    auto_live struct live l, without;
    auto_domain virDomainPtr a = NULL, b = NULL, c = NULL;
    struct error *err = NULL;

    (void)state;
    live_open(&l, NODES(""));
    create(&l, want(&l));
    a = foreign_domain("other", "lab_lan2");
    assert_non_null(look(&l));
    expect_ok(users_refuse_foreign(
                  &l.world.site.hosts[0],
                  survey_network_named(&l.world.site.hosts[0].survey, "lab_lan"), &err),
              &err);
    b = foreign_domain("guest", "lab_lan");
    look(&l);
    expect_error(users_refuse_foreign(
                     &l.world.site.hosts[0],
                     survey_network_named(&l.world.site.hosts[0].survey, "lab_lan"), &err),
                 &err,
                 "network 'lab_lan' on host 'local' cannot go: domain 'guest', not virtopo's, "
                 "uses it",
                 "detach them from it first (virsh detach-interface, or virsh edit)");
    c = foreign_domain("second", "lab_lan");
    /* a file without that network: it would go */
    live_open(&without, "nodes: {}\n");
    expect_error(network_kind.observe(&without.world.site, &without.set, &err), &err,
                 "network 'lab_lan' on host 'local' cannot go: domains 'guest', 'second', not "
                 "virtopo's, use it",
                 "detach them from it first (virsh detach-interface, or virsh edit)");
    virDomainUndefine(b);
    virDomainUndefine(c);
    virDomainUndefine(a);
    destroy(NODES(""));
}

static void unwanted_ones_go(void **state)
{
    auto_live struct live l, without;
    struct error *err = NULL;
    struct resource *r;

    (void)state;
    live_open(&l, NODES("a: { networks: [lan] }"));
    create(&l, want(&l));
    live_open(&without, "nodes: {}\n");
    r = want(&without);
    assert_non_null(r);
    assert_true(r->present && !r->wanted);
    assert_null(network_kind.describe(&without.world.site, r));
    expect_ok(network_kind.destroy(&without.world.site, r, NULL, &err), &err);
    assert_null(look(&without));
}

static void a_name_that_is_taken(void **state)
{
    auto_live struct live l;
    auto_network virNetworkPtr other =
        virNetworkDefineXML(keeper, "<network><name>lab_lan</name></network>");
    struct error *err = NULL;

    (void)state;
    assert_non_null(other);
    live_open(&l, NODES(""));
    assert_int_equal(network_kind.create(&l.world.site, want(&l), NULL, &err), -1);
    assert_int_equal(err->kind, ERROR_LIBVIRT);
    assert_int_equal(strncmp(err->message, "defining network 'lab_lan'", 26), 0);
    error_clear(&err);
}

static int open_keeper(void **state)
{
    (void)state;
    virt_init();
    keeper = virConnectOpen("test:///default");
    return keeper ? 0 : -1;
}

static int close_keeper(void **state)
{
    (void)state;
    virConnectClose(keeper);
    return 0;
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, open_keeper, close_keeper)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(create_is_settled),       ALONE(updates),       ALONE(behind_our_back),
        ALONE(undefined_while_it_runs), ALONE(foreign_users), ALONE(unwanted_ones_go),
        ALONE(a_name_that_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
