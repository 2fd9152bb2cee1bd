/* SPDX-License-Identifier: Apache-2.0 */
#include "network/bridge.h"

#include <dirent.h>
#include <errno.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

bool bridge_is_idle(const char *name)
{
    auto_free char *path = xasprintf("/sys/class/net/%s/brif", name);
    DIR *ports = opendir(path);
    bool idle = ports != NULL;
    const struct dirent *entry;

    while (ports && (entry = readdir(ports)))
        idle = idle && entry->d_name[0] == '.';
    if (ports)
        closedir(ports);
    return idle;
}

bool bridge_has_port(const char *name, const char *device)
{
    auto_free char *path = xasprintf("/sys/class/net/%s/brif/%s", name, device);

    return access(path, F_OK) == 0;
}

bool bridge_is_there(const char *name)
{
    auto_free char *path = xasprintf("/sys/class/net/%s/bridge", name);

    return access(path, F_OK) == 0;
}

int bridge_remove(const char *name, struct error **err)
{
    auto_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {0};

    if (strlen(name) >= sizeof request.ifr_name)
        return error_set(err, ERROR_FAILED, "'%s' is too long for a network device", name);
    memcpy(request.ifr_name, name, strlen(name));
    /* A bridge must be down before the kernel lets go of it. */
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0 || ioctl(fd, SIOCBRDELBR, name) < 0) {
        if (errno == ENODEV || errno == ENXIO)
            return 0;
        error_errno(err, errno, "removing bridge %s, which a crash of libvirtd left", name);
        return error_hint(err, "sudo ip link delete %s", name);
    }
    return 0;
}
