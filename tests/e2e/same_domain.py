#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""same_domain.py ONE TWO FILE: two domains as `virsh dumpxml` has them are the same machine, but for what a comment
of FILE names. Knows nothing of virtopo's own way to compare: what is skipped here is what names a domain, where libvirt
put devices, and controllers that only hold others. Prints each difference that no comment explains; exit code 1."""
import sys
import xml.etree.ElementTree as tree

SKIPPED = {'name', 'uuid', 'genid', 'metadata', 'address', 'alias', 'audio', 'nvram', 'backingStore'}
# libvirt's own choices, which follow from where a device is or from the order of things.
UNTOLD = {('disk/target', 'dev'), ('interface/target', 'dev'), ('source', 'index'), ('serial/target', 'port'),
          ('console/target', 'port'), ('disk/driver', 'name'), ('model', 'fallback'),
          # names a port, as the UUID names the domain
          ('virtualport/parameters', 'interfaceid')}


def is_skipped(node, inside):
    if node.tag in SKIPPED:
        return True
    if node.tag == 'controller':
        return node.get('type') not in ('usb', 'scsi') or node.get('model', '').startswith('ich9-uhci')
    if node.tag == 'rom' and inside == 'interface':
        return node.get('enabled') == 'no'
    if node.tag == 'timer':  # without a word, and with QEMU's own: the same
        return node.attrib in ({'name': 'rtc'}, {'name': 'rtc', 'tickpolicy': 'delay'}, {'name': 'pit'},
                               {'name': 'pit', 'tickpolicy': 'delay'},
                               {'name': 'hpet', 'present': 'yes'})
    if node.tag in ('suspend-to-mem', 'suspend-to-disk'):
        return node.get('enabled') == 'yes'
    if node.tag == 'feature' and inside == 'firmware':
        return node.get('enabled') == 'no'
    if node.tag in ('seclabel', 'resource', 'emulator'):
        return node.get('type') == 'dynamic' or node.findtext('partition') == '/machine' or node.tag == 'emulator'
    return node.tag == 'boot' and inside == 'os'


def own_name(node):
    if node.tag == 'disk' and node.find('source') is not None:
        return ' '.join(v for k, v in sorted(node.find('source').attrib.items()) if k not in ('index', 'startupPolicy'))
    if node.tag == 'interface':
        return node.find('mac').get('address')
    return node.get('name') or node.get('vcpu') or ''


def is_usual(node, inside, key, value):
    """What libvirt takes where nothing is said."""
    return ((node.tag in ('listen', 'graphics') and value == '127.0.0.1') or (node.tag, key) == ('graphics', 'socket') or
            (node.tag, key, value) in (('listen', 'type', 'address'), ('source', 'mode', 'bind')) or (node.tag, key) == ('controller', 'index') or
            (inside == 'filesystem' and value == 'path') or (node.tag == 'hostdev' and key == 'managed') or
            (node.tag == 'source' and ('/libvirt/qemu/' in node.get('path', ''))))


def facts(node, path, found, inside=''):
    text = (node.text or '').strip()
    if node.tag == 'gl' and node.attrib == {'enable': 'no'}:
        return
    if node.tag.endswith('period') and text == '100000':
        return
    for key, value in node.attrib.items():
        if (inside + '/' + node.tag, key) in UNTOLD or (node.tag, key) in UNTOLD or is_usual(node, inside, key, value):
            continue
        if (node.tag, key) == ('type', 'machine'):
            value = value.split('-')[1] if value.startswith('pc-') else value
        found.append((path + '/' + node.tag, key, value))
    if text:
        found.append((path + '/' + node.tag, '', text))
    if not node.attrib and not text and not len(node) and node.tag not in ('pm', 'listen'):
        found.append((path + '/' + node.tag, '', ''))
    for child in node:
        if not is_skipped(child, node.tag):
            facts(child, '%s/%s[%s]' % (path, node.tag, own_name(node)), found, node.tag)


def boots(root):
    """Devices in the order in which they are started from, said in either way."""
    devices = root.find('devices')
    ordered = sorted((int(n.find('boot').get('order')), own_name(n)) for n in devices if n.find('boot') is not None)
    if ordered:
        return [name for _, name in ordered]
    result = []
    kinds = {'hd': 'disk', 'cdrom': 'cdrom'}
    for boot in root.findall('os/boot'):
        kind = boot.get('dev')
        for n in devices:
            if (n.tag == 'interface' and kind == 'network') or (n.tag == 'disk' and n.get('device') == kinds.get(kind)):
                result.append(own_name(n))
                break
    return result


def read(path, comments):
    root = tree.parse(path).getroot()
    if root.findtext('currentMemory') == root.findtext('memory'):
        root.remove(root.find('currentMemory'))
    devices = root.find('devices')
    for device in list(devices):  # a comment shows all of it
        if any(': <%s type="%s">' % (device.tag, device.get('type')) in line for line in comments):
            devices.remove(device)
    order = boots(root)
    for disk in root.iter('disk'):  # it may stand in either place
        if disk.find('auth') is not None:
            disk.find('source').append(disk.find('auth'))
            disk.remove(disk.find('auth'))
    for parent in root.iter():
        for child in [n for n in parent if n.tag == 'boot']:
            parent.remove(child)
    found = []
    facts(root, '', found)
    return sorted(found), order


def main():
    with open(sys.argv[3]) as file:
        comments = [line for line in file if line.lstrip().startswith('#')]
    (one, boot_one), (two, boot_two) = read(sys.argv[1], comments), read(sys.argv[2], comments)
    bad = []
    for what, facts_one, facts_two in (('lost', one, two), ('new', two, one)):
        rest = list(facts_two)
        for fact in facts_one:
            if fact in rest:
                rest.remove(fact)
                continue
            path, key, value = fact
            name = path.rsplit('/', 1)[-1]
            if not any(name in line and (value in line or key and key + '=' in line) for line in comments):
                bad.append('%s: %s %s %r' % (what, path, key, value))
    if boot_one != boot_two:
        bad.append('boot order: %s, then %s' % (boot_one, boot_two))
    print('\n'.join(bad))
    sys.exit(1 if bad else 0)


main()
