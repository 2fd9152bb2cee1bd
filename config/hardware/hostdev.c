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
