# SPDX-License-Identifier: Apache-2.0
# A node that is not there. libvirt's test driver has no node of ours, so only the file's count.

cat >groups.yaml <<'END'
cluster: lab
images:
  debian12: { file: debian12.qcow2 }
nodes:
  w: { image: debian12, count: 2 }
  web-x: { image: debian12 }
  big: { image: debian12, count: 11 }
END

err <<'END'
error: there is no node 'w'
hint: it is a group: w-1, w-2
END
check 2 -c test:///default -f groups.yaml ssh w
err <<'END'
error: there is no node 'big'
hint: it is a group: big-1, big-2, big-3, big-4, big-5, big-6, big-7, big-8, big-9, big-10, ...
END
check 2 -c test:///default -f groups.yaml ssh big
err <<'END'
error: there is no node 'web'
END
check 2 -c test:///default -f groups.yaml ssh web
err <<'END'
error: there is no node 'w-3'
hint: did you mean 'w-1'?
END
check 2 -c test:///default -f groups.yaml ssh w-3
