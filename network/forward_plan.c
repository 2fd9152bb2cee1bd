/* SPDX-License-Identifier: Apache-2.0 */
#include "network/forward_plan.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/network/user_net.h"

/* Below those that the kernel gives out by itself, from 32768 on. */
#define FIRST 22000
#define COUNT 8000
#define LOOPBACK 0x7f000001
#define SSH_PORT 22

/* Ports of the hosts' loopbacks that are spoken for: a cluster is on one host for now, and on
 * several none is given twice either. */
struct ports {
    bool taken[65536];
};

static bool needs_port(const struct site *site, const struct node *node, const struct nic *nic)
{
    const struct site_host *host = site_host(site, node->host);

    return nic && host && host_is_local(host->host) && node_is_user_only(node) &&
           !nic_ssh_forward(nic);
}

/* Whether somebody listens there, on this machine; the port of a node that runs is its own. */
static bool is_free(const struct host *host, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int s, yes = 1;
    bool free;

    if (host_is_mock(host) || !host_is_open(host))
        return true;
    address.sin_addr.s_addr = htonl(LOOPBACK);
    s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    free = s >= 0 && bind(s, (struct sockaddr *)&address, sizeof address) == 0;
    if (s >= 0)
        close(s);
    return free;
}

static void take_said(struct ports *ports, const struct cluster *cluster)
{
    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct nic *nic = node_user_nic(&cluster->nodes[i]);
        const struct list *forwards =
            nic && nic->forwards.count ? &nic->forwards : &cluster->nodes[i].publish;

        list_each(struct port_forward, *forwards, forward) ports->taken[forward->host_port] =
            true;
    }
}

/* The port that its domain has, whether the node is in this run or not; 0: none. */
static uint16_t recorded(const struct site_host *host, const struct nic *nic)
{
    for (size_t i = 0; i < host->survey.domain_count; i++) {
        const struct survey_domain *d = &host->survey.domains[i];

        for (size_t n = 0; d->ours && n < d->config.nic_count; n++) {
            const struct domain_view_nic *have = &d->config.nics[n];
            struct port_forward f;

            if (memcmp(&have->mac, &nic->mac, sizeof nic->mac) != 0)
                continue;
            for (size_t k = 0; k < have->forward_count; k++) {
                if (port_forward_parse(have->forwards[k], &f, NULL) == 0 &&
                    f.port == SSH_PORT && strcmp(f.address, "127.0.0.1") == 0)
                    return f.host_port;
            }
        }
    }
    return 0;
}

bool forward_is_chosen(const char *text)
{
    struct port_forward f;

    return port_forward_parse(text, &f, NULL) == 0 && f.port == SSH_PORT &&
           f.protocol == PORT_TCP && strcmp(f.address, "127.0.0.1") == 0 &&
           f.host_port >= FIRST && f.host_port < FIRST + COUNT;
}

static void keep_recorded(struct ports *ports, const struct site *site)
{
    const struct cluster *cluster = site->cluster;

    for (size_t i = 0; i < cluster->node_count; i++) {
        struct nic *nic = node_user_nic(&cluster->nodes[i]);
        uint16_t port = 0;

        if (needs_port(site, &cluster->nodes[i], nic))
            port = recorded(site_host(site, cluster->nodes[i].host), nic);
        if (nic)
            nic->ssh_port = port && !ports->taken[port] ? port : 0;
        ports->taken[port] = true;
    }
}

static uint16_t choose(const struct ports *ports, const struct host *host, struct mac mac)
{
    unsigned start = (unsigned)(mac.bytes[3] << 16 | mac.bytes[4] << 8 | mac.bytes[5]) % COUNT;

    for (unsigned i = 0; i < COUNT; i++) {
        uint16_t port = (uint16_t)(FIRST + (start + i) % COUNT);

        if (!ports->taken[port] && is_free(host, port))
            return port;
    }
    return 0;
}

void forward_plan(const struct site *site)
{
    struct ports *ports = xcalloc(1, sizeof *ports);
    struct cluster *cluster = site->cluster;

    take_said(ports, cluster);
    keep_recorded(ports, site);
    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct node *node = &cluster->nodes[i];
        struct nic *nic = node_user_nic(node);

        if (!needs_port(site, node, nic) || nic->ssh_port)
            continue;
        nic->ssh_port = choose(ports, site_host(site, node->host)->host, nic->mac);
        ports->taken[nic->ssh_port] = true;
    }
    free(ports);
}

/* The IPv4 address of the machine in a URI; 0: not known. */
static uint32_t machine_of(const char *uri)
{
    const struct addrinfo wanted = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    const char *start = strstr(uri, "://"), *login;
    auto_free char *name = NULL;
    struct addrinfo *found = NULL;
    uint32_t ip = 0;

    if (!start)
        return 0;
    start += 3;
    login = memchr(start, '@', strcspn(start, "/"));
    start = login ? login + 1 : start;
    name = xstrndup(start, strcspn(start, ":/"));
    if (getaddrinfo(name, NULL, &wanted, &found) != 0)
        return 0;
    ip = ntohl(((const struct sockaddr_in *)(const void *)found->ai_addr)->sin_addr.s_addr);
    freeaddrinfo(found);
    return ip;
}

bool forward_reach(const struct host *host, const struct port_forward *f, uint32_t *ret_ip,
                   uint16_t *ret_port)
{
    uint32_t ip = 0;

    *ret_port = f->host_port;
    if (!f->is_ip6 && !port_forward_is_all(f) && ip4_parse(f->address, &ip, NULL) < 0)
        return false;
    if (host_is_local(host))
        *ret_ip = ip ? ip : LOOPBACK;
    else if (ip >> 24 == 127)
        return false;
    else
        *ret_ip = ip ? ip : machine_of(host_uri(host));
    return *ret_ip != 0;
}

bool forward_reach_ssh(const struct host *host, const struct domain_view_nic *nic,
                       uint32_t *ret_ip, uint16_t *ret_port)
{
    for (size_t i = 0; i < nic->forward_count; i++) {
        struct port_forward f;

        if (port_forward_parse(nic->forwards[i], &f, NULL) == 0 && f.port == SSH_PORT &&
            f.protocol == PORT_TCP && forward_reach(host, &f, ret_ip, ret_port))
            return true;
    }
    return false;
}
