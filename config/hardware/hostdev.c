/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/hostdev.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Exactly `count` hexadecimal digits, then `end`; the rest of the text, or NULL. */
static const char *take_hex(const char *text, size_t count, char end, unsigned *ret)
{
    char digits[9] = "";

    for (size_t i = 0; i < count; i++) {
        if (!isxdigit((unsigned char)text[i]))
            return NULL;
        digits[i] = text[i];
    }
    *ret = (unsigned)strtoul(digits, NULL, 16);
    return text[count] == end ? text + count + (end != '\0') : NULL;
}

bool pci_address_parse(const char *text, struct pci_address *ret)
{
    struct pci_address at = {0};
    const char *rest = take_hex(text, 4, ':', &at.domain);

    if (!rest) {
        at.domain = 0;
        rest = text;
    }
    rest = take_hex(rest, 2, ':', &at.bus);
    rest = rest ? take_hex(rest, 2, '.', &at.slot) : NULL;
    rest = rest ? take_hex(rest, 1, '\0', &at.function) : NULL;
    if (!rest || at.slot > 0x1f || at.function > 7)
        return false;
    *ret = at;
    return true;
}

bool usb_id_parse(const char *text, unsigned *vendor, unsigned *product)
{
    const char *rest = take_hex(text, 4, ':', vendor);

    return rest && take_hex(rest, 4, '\0', product);
}

/* A number from 1 on, of at most three digits, without a leading zero. */
static const char *take_number(const char *text, char end, unsigned *ret)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 3 || text[0] == '0' || text[digits] != end)
        return NULL;
    *ret = (unsigned)strtoul(text, NULL, 10);
    return text + digits + (end != '\0');
}

bool usb_address_parse(const char *text, unsigned *bus, unsigned *device)
{
    const char *rest = take_number(text, '.', bus);

    return rest && take_number(rest, '\0', device);
}

bool hostdev_is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    for (size_t i = 0; form[i]; i++) {
        if (form[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return strlen(text) == strlen(form);
}

void hostdev_parse_pci(struct binder *b, const struct document_node *node, void *target)
{
    const struct field text = {
        .key = "address", .type = FIELD_STRING, .example = "\"0000:81:00.3\""};
    struct pci_device *device = target;
    const char *given = NULL;

    schema_bind_field(b, &text, node, &given);
    if (!given)
        return;
    if (pci_address_parse(given, &device->at))
        device->address = arena_printf(b->arena, "%04x:%02x:%02x.%x", device->at.domain,
                                       device->at.bus, device->at.slot, device->at.function);
    else
        binder_report(b, node->position, "pci-address",
                      "write it as `lspci -D` does: \"0000:81:00.3\"",
                      "'%s' is not the address of a PCI device", given);
}

json_t *hostdev_dump_pci(const void *target)
{
    const struct pci_device *device = target;

    return device->address ? json_string(device->address) : NULL;
}

void hostdev_parse_usb(struct binder *b, const struct document_node *node, void *target)
{
    const struct field text = {.key = "id", .type = FIELD_STRING, .example = "\"1d6b:0002\""};
    struct usb_device *device = target;
    const char *given = NULL;

    schema_bind_field(b, &text, node, &given);
    if (!given)
        return;
    if (usb_id_parse(given, &device->vendor, &device->product))
        device->id = arena_printf(b->arena, "%04x:%04x", device->vendor, device->product);
    else if (usb_address_parse(given, &device->bus, &device->device))
        device->address = given;
    else
        binder_report(b, node->position, "usb-id",
                      "write vendor and product as `lsusb` does, \"1d6b:0002\", or bus and "
                      "device, \"1.4\"",
                      "'%s' is no USB device", given);
}

json_t *hostdev_dump_usb(const void *target)
{
    const struct usb_device *device = target;
    const char *text = device->id ? device->id : device->address;

    return text ? json_string(text) : NULL;
}

void hostdev_parse_uuid(struct binder *b, const struct document_node *node, void *target)
{
    const struct field text = {
        .key = "uuid", .type = FIELD_STRING, .example = "4b20d080-1b54-4048-85b3-a6a62d165c01"};
    const char *given = NULL;
    char *lower;

    schema_bind_field(b, &text, node, &given);
    if (!given)
        return;
    if (!hostdev_is_uuid(given)) {
        binder_report(b, node->position, "uuid",
                      "a mediated device's UUID is its name in /sys/bus/mdev/devices",
                      "'%s' is not a UUID", given);
        return;
    }
    lower = arena_strdup(b->arena, given);
    for (char *p = lower; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    ((struct mdev_device *)target)->uuid = lower;
}

json_t *hostdev_dump_uuid(const void *target)
{
    const struct mdev_device *device = target;

    return device->uuid ? json_string(device->uuid) : NULL;
}
