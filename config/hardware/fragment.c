/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/fragment.h"

#include <string.h>

#include <libxml/parser.h>

#include "util/buffer.h"
#include "util/digest.h"

/* On the text's first line, so that lines are the text's. */
#define HEAD \
    "<domain xmlns:qemu='" FRAGMENT_QEMU_NAMESPACE "' xmlns:virtopo='" FRAGMENT_NAMESPACE "'>"
#define TAIL "</domain>"

#if LIBXML_VERSION >= 21200
typedef const xmlError *fault_type;
#else
typedef xmlErrorPtr fault_type;
#endif

const char *const fragment_domain_elements[] = {"blkiotune",
                                                "bootloader",
                                                "bootloader_args",
                                                "clock",
                                                "commandline",
                                                "cpu",
                                                "cputune",
                                                "currentMemory",
                                                "defaultiothread",
                                                "deprecation",
                                                "capabilities",
                                                "description",
                                                "devices",
                                                "features",
                                                "genid",
                                                "idmap",
                                                "iothreadids",
                                                "iothreads",
                                                "keywrap",
                                                "launchSecurity",
                                                "maxMemory",
                                                "memory",
                                                "memoryBacking",
                                                "memtune",
                                                "metadata",
                                                "name",
                                                "numatune",
                                                "on_crash",
                                                "on_lockfailure",
                                                "on_poweroff",
                                                "on_reboot",
                                                "os",
                                                "override",
                                                "perf",
                                                "pm",
                                                "resource",
                                                "seclabel",
                                                "sysinfo",
                                                "throttlegroups",
                                                "title",
                                                "uuid",
                                                "vcpu",
                                                "vcpus",
                                                NULL};

const char *const fragment_device_elements[] = {
    "audio",       "channel",    "console",  "controller", "crypto",    "disk",      "emulator",
    "filesystem",  "graphics",   "hostdev",  "hub",        "input",     "interface", "iommu",
    "lease",       "memballoon", "nvram",    "panic",      "parallel",  "pstore",    "redirdev",
    "redirfilter", "rng",        "serial",   "shmem",      "smartcard", "sound",     "tpm",
    "video",       "vsock",      "watchdog", NULL};

bool fragment_is_device(xmlNodePtr element)
{
    if (element->ns)
        return false;
    if (xmlStrEqual(element->name, BAD_CAST "memory")) /* a DIMM, or the domain's own */
        return xmlHasProp(element, BAD_CAST "model");
    for (size_t i = 0; fragment_device_elements[i]; i++) {
        if (xmlStrEqual(element->name, BAD_CAST fragment_device_elements[i]))
            return true;
    }
    return false;
}

static void keep_first(void *user, fault_type error)
{
    struct fragment_fault *fault = ((xmlParserCtxtPtr)user)->_private;
    bool is_open = error->code == XML_ERR_TAG_NAME_MISMATCH && error->str1 && error->str2;

    if (fault->message)
        return;
    fault->line = error->line;
    fault->column = error->int2;
    /* our own end tag: the text has ended */
    if (is_open && strcmp(error->str2, "domain") == 0 && strcmp(error->str1, "domain") != 0) {
        fault->line = error->int1;
        fault->column = 0;
        fault->message = xasprintf("<%s> is not closed", error->str1);
    } else if (is_open) {
        fault->message = xasprintf("<%s> is closed by </%s>", error->str1, error->str2);
    } else {
        fault->message = xasprintf("%.*s", (int)strcspn(error->message, "\n"), error->message);
    }
}

static xmlDocPtr parse(const struct fragment *fragment, struct fragment_fault *fault)
{
    auto_buffer struct buffer text = {0};
    xmlParserCtxtPtr context = xmlNewParserCtxt();
    xmlDocPtr document;

    if (!context)
        abort();
    buffer_printf(&text, HEAD "%s" TAIL, fragment->text);
    context->_private = fault;
    context->sax->serror = keep_first;
    document = xmlCtxtReadMemory(context, text.data, (int)text.length, "xml", NULL,
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                     XML_PARSE_NOBLANKS | XML_PARSE_NOCDATA);
    xmlFreeParserCtxt(context);
    return document;
}

xmlDocPtr fragment_document(const struct fragment *fragment)
{
    struct fragment_fault fault = {0};
    xmlDocPtr document = parse(fragment, &fault);

    free(fault.message);
    return document;
}

void fragment_read(const struct fragment *fragment, struct fragment_fault *ret)
{
    *ret = (struct fragment_fault){0};
    xmlFreeDoc(parse(fragment, ret));
    if (ret->line == 1 && ret->column > (int)strlen(HEAD))
        ret->column -= (int)strlen(HEAD);
    else if (ret->line == 1)
        ret->column = 0;
}

static const struct diagnostic_source *source_of(const struct diagnostics *d, const char *file)
{
    for (size_t i = 0; i < d->source_count; i++) {
        if (strcmp(d->sources[i].file, file) == 0)
            return &d->sources[i];
    }
    return NULL;
}

/* Line `number`, from 1, up to its end; NULL behind the last. */
static const char *line_at(const char *text, size_t length, int number, size_t *ret_length)
{
    const char *end = text + length, *next;

    for (; text < end; text = next + 1) {
        next = memchr(text, '\n', (size_t)(end - text));
        next = next ? next : end;
        if (--number == 0) {
            *ret_length = (size_t)(next - text);
            return text;
        }
    }
    return NULL;
}

struct position fragment_position(const struct diagnostics *d, const struct fragment *fragment,
                                  int line, int column)
{
    struct position at = fragment->source->position;
    const struct diagnostic_source *source = at.file ? source_of(d, at.file) : NULL;
    size_t raw_length = 0, length = 0;
    const char *raw =
        source ? line_at(source->text, source->length, at.line, &raw_length) : NULL;
    const char *text;
    int indent;

    if (!raw || at.column < 1 || (size_t)at.column > raw_length || raw[at.column - 1] != '|')
        return at;
    raw = line_at(source->text, source->length, at.line + line, &raw_length);
    text = line_at(fragment->text, strlen(fragment->text), line, &length);
    if (!raw || !text)
        return at;
    /* what the block is indented by; other text with a variable in it starts where it starts */
    indent = raw_length >= length && memcmp(raw + raw_length - length, text, length) == 0
                 ? (int)(raw_length - length)
                 : 0;
    at.line += line;
    at.end_column = 0;
    if (column < 1)
        column = (int)strspn(text, " \t") + 1;
    at.column = indent ? indent + column : (int)strspn(raw, " \t") + 1;
    return at;
}

/* libxml2 knows the line where a start tag ends. */
struct position fragment_element_position(const struct diagnostics *d,
                                          const struct fragment *fragment, xmlNodePtr element)
{
    const char *prefix = element->ns ? (const char *)element->ns->prefix : NULL;
    auto_free char *tag = xasprintf("<%s%s%s", prefix ? prefix : "", prefix ? ":" : "",
                                    (const char *)element->name);
    int last = (int)xmlGetLineNo(element);

    for (int line = last; line > 0; line--) {
        size_t length = 0;
        const char *text = line_at(fragment->text, strlen(fragment->text), line, &length);
        const char *found = text ? memmem(text, length, tag, strlen(tag)) : NULL;

        if (found)
            return fragment_position(d, fragment, line, (int)(found - text) + 1);
    }
    return fragment_position(d, fragment, last, 0);
}

void fragment_parse(struct binder *b, const struct document_node *node, void *target)
{
    bool is_list = node->kind == DOCUMENT_SEQUENCE;
    size_t count = is_list ? node->count : 1;
    struct list *list = target;
    struct fragment *items = arena_alloc(b->arena, (count + 1) * sizeof *items);

    *list = (struct list){.items = items};
    for (size_t i = 0; i < count; i++) {
        const struct document_node *item = is_list ? node->items[i] : node;

        if (item->kind != DOCUMENT_SCALAR || item->is_null || !*item->text)
            binder_report(b, item->position, "type",
                          "write 'xml: |' and the elements in the lines below, indented",
                          "xml must be a text with XML elements or a list of such, not %s",
                          document_kind_name(item));
        else
            items[list->count++] = (struct fragment){item->text, item};
    }
}

json_t *fragment_dump(const void *target)
{
    const struct list *list = target;
    const struct fragment *items = list->items;
    auto_buffer struct buffer text = {0};
    char digest[SHA256_TEXT];

    if (list->count == 0)
        return NULL;
    for (size_t i = 0; i < list->count; i++)
        buffer_printf(&text, "%zu:%s", strlen(items[i].text), items[i].text);
    sha256_text(text.data, text.length, digest);
    return json_sprintf("sha256:%.16s", digest);
}
