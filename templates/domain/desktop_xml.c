/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <inttypes.h>
#include <stdio.h>

#include "util/size.h"

bool desktop_needs_usb(const struct node *node)
{
    list_each(struct input, node->inputs, input)
    {
        if (input->bus == INPUT_USB)
            return true;
    }
    list_each(struct chardev, node->serials, serial)
    {
        if (serial->model == SERIAL_USB)
            return true;
    }
    return node->devices.usb.count > 0 || node->usb.redirections > 0 ||
           sound_models[node->sound.model][0] == 'u';
}

static void write_inputs(struct xmlwriter *w, const struct domain_template *t)
{
    size_t index = 0;

    list_each(struct input, t->node->inputs, input)
    {
        xml_open(w, "input");
        xml_attribute(w, "type", input_types[input->type]);
        xml_attribute(w, "bus", input_buses[input->bus]);
        domain_write_alias_number(w, "ua-input", index++);
        xml_close(w);
    }
}

static void write_sound(struct xmlwriter *w, const struct sound_setting *sound)
{
    if (!sound->model)
        return;
    xml_open(w, "sound");
    xml_attribute(w, "model", sound_models[sound->model]);
    if (sound->codec)
        xml_empty(w, "codec", "type", sound_codecs[sound->codec], NULL);
    domain_write_alias(w, "ua-sound");
    xml_close(w);
}

static void write_kib(struct xmlwriter *w, const char *name, uint64_t bytes)
{
    if (bytes)
        xml_attributef(w, name, "%" PRIu64, bytes / KIB);
}

static void write_resolution(struct xmlwriter *w, const char *resolution)
{
    unsigned x, y;

    if (!resolution || sscanf(resolution, "%ux%u", &x, &y) != 2)
        return;
    xml_open(w, "resolution");
    xml_attributef(w, "x", "%u", x);
    xml_attributef(w, "y", "%u", y);
    xml_close(w);
}

static void write_video(struct xmlwriter *w, const struct domain_template *t)
{
    const struct video_setting *video = &t->node->video;
    int model = video->model == VIDEO_AUTO && graphics_any(&t->node->graphics) ? VIDEO_VIRTIO
                                                                               : video->model;

    if (model == VIDEO_AUTO)
        return;
    xml_open(w, "video");
    xml_open(w, "model");
    xml_attribute(w, "type", video_models[model]);
    write_kib(w, "ram", video->ram);
    write_kib(w, "vram", video->vram);
    write_kib(w, "vgamem", video->vgamem);
    if (model != VIDEO_NONE)
        xml_attributef(w, "heads", "%lld", video->heads ? video->heads : 1);
    if (model != VIDEO_NONE)
        xml_attribute(w, "primary", "yes");
    if (video->accel3d)
        xml_empty(w, "acceleration", "accel3d", video->accel3d == SWITCH_ON ? "yes" : "no",
                  NULL);
    write_resolution(w, video->resolution);
    xml_close(w);
    domain_write_alias(w, "ua-video");
    xml_close(w);
}

static void write_redirections(struct xmlwriter *w, const struct domain_template *t)
{
    for (long long i = 0; i < t->node->usb.redirections; i++) {
        xml_open(w, "redirdev");
        xml_attribute(w, "bus", "usb");
        xml_attribute(w, "type", "spicevmc");
        domain_write_alias_number(w, "ua-usb-redirection", (size_t)i);
        xml_close(w);
    }
}

void desktop_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    write_inputs(w, t);
    graphics_xml_write(w, t);
    write_sound(w, &t->node->sound);
    write_video(w, t);
    write_redirections(w, t);
}
