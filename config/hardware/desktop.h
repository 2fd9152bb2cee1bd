/* SPDX-License-Identifier: Apache-2.0 */
/* The keys `video`, `sound`, `input` and `usb` of a node: what a person at its screen has. */
#ifndef CONFIG_DESKTOP_H
#define CONFIG_DESKTOP_H

#include <stdint.h>

#include "config/schema/schema.h"

enum video_model { VIDEO_AUTO, VIDEO_NONE, VIDEO_VIRTIO, VIDEO_VGA, VIDEO_QXL };

struct video_setting {
    int model; /* index into video_models */
    long long heads;
    uint64_t vram, ram, vgamem; /* 0: QEMU's own */
    int accel3d;
    const char *resolution; /* "1920x1080" */
    const struct document_node *source;
};

struct sound_setting {
    int model; /* index into sound_models; 0: none */
    int codec; /* index into sound_codecs; 0: libvirt's own */
    const struct document_node *source;
};

enum input_type { INPUT_TABLET, INPUT_MOUSE, INPUT_KEYBOARD };
enum input_bus { INPUT_USB, INPUT_VIRTIO, INPUT_PS2 };

struct input {
    int type, bus;
    const struct document_node *source;
};

enum usb_model { USB_AUTO, USB_NONE, USB_QEMU_XHCI, USB_NEC_XHCI, USB_ICH9_EHCI };

struct usb_setting {
    int model; /* index into usb_models */
    long long ports;
    long long redirections; /* devices of the SPICE viewer's machine */
    const struct document_node *source;
};

/* libvirt's words, but for "auto", "default" and sound's "none". */
extern const char *const video_models[],
    *const sound_models[], *const sound_codecs[], *const input_types[], *const input_buses[],
                                                                            *const usb_models[];
extern const struct schema video_schema, sound_schema, input_schema, usb_schema;

#endif
