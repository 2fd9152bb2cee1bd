/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdlib.h>
#include <string.h>

#include "templates/firewall/script.h"

static struct rule rule(enum rule_family family, enum rule_place place, const char *node)
{
    struct rule r = {.family = family, .place = place};

    rule_mark("lab", node, r.mark);
    return r;
}

/* One of each, in both families. */
static void make(struct rule_list *list, const char *node)
{
    for (enum rule_family f = RULE_IP4; f < RULE_FAMILIES; f++) {
        const char *address = f == RULE_IP6 ? "fd00:20::11" : "10.20.0.11";
        struct rule r = rule(f, RULE_DNAT, node);

        strcpy(r.target, f == RULE_IP6 ? "2001:db8::1" : "192.0.2.1");
        r.port = 8080;
        strcpy(r.to, address);
        r.to_port = 80;
        rule_add(list, &r);
        r = rule(f, RULE_DNAT, node);
        r.udp = true;
        r.port = 5353;
        strcpy(r.to, address);
        r.to_port = 53;
        rule_add(list, &r);
        r = rule(f, RULE_SNAT, node);
        strcpy(r.source, f == RULE_IP6 ? "fd00:20::/64" : "10.20.0.0/24");
        strcpy(r.target, address);
        r.port = 80;
        rule_add(list, &r);
        r = rule(f, RULE_ACCEPT, node);
        strcpy(r.target, address);
        strcpy(r.out, "vtb-lan");
        r.udp = true;
        r.port = 53;
        rule_add(list, &r);
    }
    struct rule guard = rule(RULE_IP4, RULE_GUARD, node);
    strcpy(guard.target, "127.0.0.0/8");
    strcpy(guard.in, "vtb-lan");
    rule_add(list, &guard);
}

static void written_and_read(void **state)
{
    auto_rules struct rule_list rules = {0};
    char chains[RULE_CHAIN];

    (void)state;
    make(&rules, "web");
    assert_int_equal(rules.count, 9);
    for (size_t i = 0; i < rules.count; i++) {
        auto_buffer struct buffer text = {0};
        struct rule read;

        iptables_rule(&rules.items[i], rule_chains("lab", chains), &text);
        assert_true(iptables_parse(strchr(text.data, ' ') + 1, rules.items[i].family, &read));
        assert_true(rule_equal(&rules.items[i], &read));
        buffer_done(&text);
        nft_rule(&rules.items[i], &text);
        assert_true(nft_parse(strchr(text.data, ' ') + 1, rules.items[i].family, &read));
        assert_true(rule_equal(&rules.items[i], &read));
    }
}

/* As iptables 1.8.9 and nft 1.0.6 print them. */
static const char answer[] =
    "== iptables\n"
    ":FORWARD DROP [0:0]\n"
    ":LIBVIRT_FWI - [0:0]\n"
    "-A INPUT -m comment --comment \"virtopo:lab\" -j VIRTOPO-a51146d3-LO\n"
    "-A FORWARD -m comment --comment \"virtopo:lab\" -j VIRTOPO-a51146d3-FWD\n"
    "-A FORWARD -j LIBVIRT_FWI\n"
    "-A FORWARD -m comment --comment \"virtopo:other\" -j VIRTOPO-d9298a10-FWD\n"
    "-A VIRTOPO-a51146d3-FWD -d 10.20.0.11/32 -o br0 -p tcp -m tcp --dport 80 -m conntrack "
    "--ctstate DNAT -m comment --comment \"virtopo:lab/web\" -j ACCEPT\n"
    "-A PREROUTING -m addrtype --dst-type LOCAL -m comment --comment \"virtopo:lab\" -j "
    "VIRTOPO-a51146d3-IN\n"
    "-A OUTPUT -m addrtype --dst-type LOCAL -m comment --comment \"virtopo:lab\" -j "
    "VIRTOPO-a51146d3-IN\n"
    "-A POSTROUTING -m comment --comment \"virtopo:lab\" -j VIRTOPO-a51146d3-OUT\n"
    "-A VIRTOPO-a51146d3-IN -p tcp -m tcp --dport 8080 -m comment --comment "
    "\"virtopo:lab/web\" -j DNAT --to-destination 10.20.0.11:80\n"
    "-A MINE -p tcp --dport 1 -m comment --comment \"not virtopo: at all\" -j ACCEPT\n"
    "== nft\n"
    "table ip6 libvirt_network\n"
    "\t\tip6 daddr fd00:20::11 oifname \"br0\" tcp dport 80 ct status dnat accept comment "
    "\"virtopo:lab/web\"\n"
    "table ip6 virtopo_lab\n"
    "\t\tfib daddr type local jump publish comment \"virtopo:lab\"\n"
    "\t\ttcp dport 8080 dnat to [fd00:20::11]:80 comment \"virtopo:lab/web\"\n"
    "== sockets\n"
    "udp   UNCONN 0      0      127.0.0.53%lo:53        0.0.0.0:*    "
    "users:((\"systemd-resolve\",pid=7,fd=13))\n"
    "tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    \n"
    "tcp   LISTEN 0      511                *:80              *:*    "
    "users:((\"nginx\",pid=42,fd=6),(\"nginx\",pid=43,fd=6))\n"
    "tcp   LISTEN 0      128            [::1]:631          [::]:*\n"
    "== forwarding\n1\n0\n"
    "== localnet\nbr0\n"
    "== firewalld\nStrictForwardPorts=yes\n";

static void a_hosts_answer(void **state)
{
    struct firewall_view v;
    struct rule wanted = rule(RULE_IP4, RULE_DNAT, "web");
    const char *node;

    (void)state;
    firewall_parse(answer, &v);
    assert_false(v.unprivileged);
    assert_true(v.has_iptables[RULE_IP4] && !v.has_iptables[RULE_IP6] && v.has_nft);
    assert_true(v.libvirt_iptables[RULE_IP4] && v.libvirt_nft[RULE_IP6]);
    assert_true(v.forward_drops[RULE_IP4]);
    assert_int_equal(v.iptables.count, 2);
    assert_int_equal(v.nft.count, 2);
    wanted.port = 8080;
    strcpy(wanted.to, "10.20.0.11");
    wanted.to_port = 80;
    assert_true(firewall_has(&v, &wanted));
    wanted.to_port = 81;
    assert_false(firewall_has(&v, &wanted));
    assert_true(rule_is_of(&v.iptables.items[0], "lab", &node));
    assert_string_equal(node, "web");
    assert_false(rule_is_of(&v.iptables.items[0], "la", &node));
    assert_true(firewall_is_linked(&v, RULE_IP4, "lab"));
    assert_int_equal(v.jump_count, 6);
    assert_true(v.jumps[2].late);
    assert_int_equal(v.socket_count, 4);
    assert_string_equal(v.sockets[0].address, "127.0.0.53");
    assert_true(v.sockets[0].udp);
    assert_null(v.sockets[1].who);
    assert_string_equal(v.sockets[2].who, "nginx (pid 42)");
    assert_string_equal(v.sockets[2].address, "");
    assert_int_equal(v.sockets[2].port, 80);
    assert_string_equal(v.sockets[3].address, "::1");
    assert_true(v.forwarding[RULE_IP4] && !v.forwarding[RULE_IP6]);
    assert_int_equal(v.local_route_count, 1);
    assert_true(v.firewalld && v.firewalld_strict);
    firewall_view_done(&v);
}

static void who_does_it(void **state)
{
    struct firewall_view v = {.has_nft = true};
    struct firewall_use use = firewall_use(&v, RULE_IP4);

    (void)state;
    assert_true(use.nft_nat && !use.iptables_nat && !use.iptables_filter && !use.nft_libvirt);
    v.has_iptables[RULE_IP4] = true;
    use = firewall_use(&v, RULE_IP4);
    assert_true(use.iptables_nat && use.iptables_filter && !use.nft_nat);
    v.libvirt_nft[RULE_IP4] = true;
    use = firewall_use(&v, RULE_IP4);
    assert_true(use.nft_nat && use.nft_libvirt && !use.iptables_nat && !use.iptables_filter);
    v.forward_drops[RULE_IP4] = true;
    use = firewall_use(&v, RULE_IP4);
    assert_true(use.nft_nat && use.nft_libvirt && !use.iptables_nat && use.iptables_filter);
}

static void scripts(void **state)
{
    auto_rules struct rule_list rules = {0}, none = {0};
    const struct firewall_use iptables[] = {{.iptables_nat = true, .iptables_filter = true},
                                            {.iptables_nat = true, .iptables_filter = true}};
    const struct firewall_use nft[] = {{.nft_nat = true, .nft_libvirt = true},
                                       {.nft_nat = true}};
    auto_free char *a = NULL, *b = NULL, *c = NULL;

    (void)state;
    make(&rules, "web");
    a = firewall_script("lab", "web", &rules, iptables);
    golden_check("firewall-iptables.txt", a);
    b = firewall_script("lab", "web", &rules, nft);
    golden_check("firewall-nft.txt", strstr(b, "cluster="));
    c = firewall_script("lab", "web", &none, nft);
    golden_check("firewall-away.txt", strstr(c, "cluster="));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_and_read), cmocka_unit_test(a_hosts_answer),
        cmocka_unit_test(who_does_it),      cmocka_unit_test(scripts),
        cmocka_unit_test(golden_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
