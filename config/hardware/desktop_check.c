/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of `video`, `sound`, `input` and `usb`. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config/loader.h"
#include "util/size.h"

/* QEMU rounds up to these itself: what libvirt has would differ from the file for ever. */
static void check_power(struct loader *l, const struct document_node *source, const char *key,
                        uint64_t size)
{
    char text[SIZE_TEXT];
    uint64_t power = MIB;

    while (power < size)
        power *= 2;
    if (size && power != size)
        finding_error(l->d, loader_position(source, key), "video-memory",
                      arena_printf(l->arena, "write %s", size_format_exact(power, text)),
                      "%s must be a power of two", key);
}

static void check_resolution(struct loader *l, const struct video_setting *video)
{
    unsigned x, y;
    char end;

    if (!video->resolution)
        return;
    if (strspn(video->resolution, "0123456789x") != strlen(video->resolution) ||
        sscanf(video->resolution, "%5ux%5u%c", &x, &y, &end) != 2 || x == 0 || y == 0)
        finding_error(l->d, loader_position(video->source, "resolution"), "video-resolution",
                      "write width and height: 1920x1080", "'%s' is no size of a picture",
                      video->resolution);
}

static void check_video(struct loader *l, const struct node *node)
{
    const struct video_setting *video = &node->video;
    const char *model = video_models[video->model];
    bool qxl = video->model == VIDEO_QXL;
    bool several = qxl || video->model == VIDEO_VIRTIO || video->model == VIDEO_AUTO;

    check_unfit(l, &video_schema, video->source, "ram vgamem", qxl);
    check_unfit(l, &video_schema, video->source, "accel3d",
                video->model == VIDEO_VIRTIO || video->model == VIDEO_AUTO);
    check_power(l, video->source, "ram", video->ram);
    check_power(l, video->source, "vram", video->vram);
    check_power(l, video->source, "vgamem", video->vgamem);
    check_resolution(l, video);
    if (video->heads > 1 && !several)
        finding_error(l->d, loader_position(video->source, "heads"), "video-heads",
                      "take model virtio or qxl", "model %s has one monitor, not %lld", model,
                      video->heads);
    if (video->vram && (several && !qxl))
        finding_error(l->d, loader_position(video->source, "vram"), "video-memory", "remove it",
                      "model %s takes memory as it needs it", video_models[VIDEO_VIRTIO]);
    if (video->model == VIDEO_NONE && graphics_any(&node->graphics))
        finding_warning(l->d, video->source->position, "video-none",
                        "remove 'video', or 'graphics' too",
                        "there is nothing to see: the node has graphics, and no card for them");
}

static void check_inputs(struct loader *l, const struct node *node)
{
    list_each(struct input, node->inputs, input)
    {
        struct position at = loader_position(input->source, "bus");

        if (input->type == INPUT_TABLET && input->bus == INPUT_PS2)
            finding_error(l->d, at, "input-bus", "take bus usb or virtio",
                          "there are no tablets for PS/2");
        if (input->bus == INPUT_USB && node->usb.model == USB_NONE)
            finding_error(l->d, at, "usb-none", "remove 'usb: none', or take bus virtio",
                          "a %s on USB needs a controller, and usb is none",
                          input_types[input->type]);
    }
}

static void check_usb(struct loader *l, const struct node *node)
{
    const struct usb_setting *usb = &node->usb;

    check_unfit(l, &usb_schema, usb->source, "ports",
                usb->model == USB_QEMU_XHCI || usb->model == USB_NEC_XHCI);
    if (usb->redirections > 0 && !graphics_spice(&node->graphics))
        finding_error(l->d, loader_position(usb->source, "redirections"), "usb-redirections",
                      "add 'graphics: spice'",
                      "redirections come from a SPICE viewer, and the node has none");
    if (usb->model != USB_NONE)
        return;
    if (usb->redirections > 0)
        finding_error(l->d, loader_position(usb->source, "redirections"), "usb-none",
                      "take model qemu-xhci", "redirections need a controller");
    if (node->devices.usb.count > 0)
        finding_error(l->d, loader_position(node->devices.source, "usb"), "usb-none",
                      "remove 'usb: none'", "USB devices need a controller, and usb is none");
}

void check_desktop(struct loader *l, const struct node *node)
{
    const char *sound = sound_models[node->sound.model];

    if (node->video.source)
        check_video(l, node);
    check_inputs(l, node);
    if (node->usb.source)
        check_usb(l, node);
    if (node->sound.source)
        check_unfit(l, &sound_schema, node->sound.source, "codec",
                    strcmp(sound, "ich6") == 0 || strcmp(sound, "ich9") == 0);
}
