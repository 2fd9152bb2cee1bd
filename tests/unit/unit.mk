# SPDX-License-Identifier: Apache-2.0
# Programs that put something of their own in a library's place.
UNIT_LDFLAGS_test_host_device := -Wl,--wrap=virNodeDeviceGetXMLDesc
UNIT_LDFLAGS_test_install_watch := -Wl,--wrap=virDomainGetInfo,--wrap=virDomainBlockStats
