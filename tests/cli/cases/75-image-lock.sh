# SPDX-License-Identifier: Apache-2.0
# virtopo.lock, as far as no download is needed: images whose digest is in the file or in a list on this machine.

mkdir lock
a=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
b=60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
printf '%s  b.qcow2\n' $b >lock/SHA256SUMS
cat >lock/virtopo.yaml <<EOF
cluster: lab
images:
  one: { url: "https://me:s3cret@example.org/a.qcow2?token=s3cret", sha256: $a }
  two: { urls: ["https://example.org/b.qcow2", "https://example.net/b.qcow2"], checksums: SHA256SUMS }
  here: { file: c.qcow2 }
  iso: { iso: { url: "https://example.org/d.iso", sha512: $a$b }, answers: { kind: preseed, file: d.cfg } }
EOF
check 3 -q -f lock/virtopo.yaml image lock --check
holds "nothing is written by --check" test ! -e lock/virtopo.lock
check 0 -q -f lock/virtopo.yaml image lock
cat >"$scratch/lock" <<EOF
{
  "images": {
    "iso": {
      "sha512": "$a$b",
      "urls": [
        "https://example.org/d.iso"
      ]
    },
    "one": {
      "sha256": "$a",
      "urls": [
        "https://example.org/a.qcow2?…"
      ]
    },
    "two": {
      "sha256": "$b",
      "urls": [
        "https://example.org/b.qcow2",
        "https://example.net/b.qcow2"
      ]
    }
  },
  "version": 1
}
EOF
holds "the lock" cmp "$scratch/lock" lock/virtopo.lock
check 0 -q -f lock/virtopo.yaml image lock --check
check 0 -q -f lock/virtopo.yaml validate

# The list changes, and what was locked is what counts.
printf '%s  b.qcow2\n' $a >lock/SHA256SUMS
check 0 -q -f lock/virtopo.yaml validate
check 3 -q -f lock/virtopo.yaml image lock --check
check 0 -q -f lock/virtopo.yaml image lock --check one
sed "s/$b/$a/2; s/\(\"sha256\": \"\)$b/\1$a/" "$scratch/lock" >"$scratch/lock.new"
check 0 -q -f lock/virtopo.yaml image lock two
holds "the lock of one" cmp "$scratch/lock.new" lock/virtopo.lock

# Two at once: neither loses the other's.
rm lock/virtopo.lock
for i in 1 2 3; do
    virtopo -q -f lock/virtopo.yaml image lock one &
    virtopo -q -f lock/virtopo.yaml image lock iso &
    virtopo -q -f lock/virtopo.yaml image lock two
    wait
    holds "all three are locked" cmp "$scratch/lock.new" lock/virtopo.lock
    rm lock/virtopo.lock
done

# Elsewhere by a link, with its mode; read-only.
cp "$scratch/lock" lock/elsewhere
chmod 640 lock/elsewhere
ln -s elsewhere lock/virtopo.lock
check 0 -q -f lock/virtopo.yaml image lock two
holds "what the link leads to" cmp "$scratch/lock.new" lock/elsewhere
holds "the link stays" test -L lock/virtopo.lock
holds "its mode stays" test "$(stat -c %a lock/elsewhere)" = 640
cp "$scratch/lock" lock/elsewhere
chmod 444 lock/elsewhere
err <<EOF
error: lock/virtopo.lock is read-only, so it stays as it is
hint: if it is to change: chmod u+w lock/virtopo.lock
EOF
check 1 -q -f lock/virtopo.yaml image lock two
check 3 -q -f lock/virtopo.yaml image lock two --check
holds "it stays" cmp "$scratch/lock" lock/elsewhere
rm lock/virtopo.lock
cp "$scratch/lock.new" lock/virtopo.lock

# The file changes.
sed "s/sha256: $a/sha256: $b/; s/b.qcow2/c.qcow2/; /here:/d; s/  iso: {.*/  new: { url: \"https:\/\/example.org\/e\", insecure: true }/" \
    lock/virtopo.yaml >lock/changed.yaml
err <<EOF
lock/changed.yaml:3:77: error: image 'one' has the sha256 60303ae22b99… here, and the sha256 9f86d081884c… in virtopo.lock [image-lock]
    3 | ...mple.org/a.qcow2?token=s3cret", sha256: 60303ae22b998861bce3b28f33eec1be758a213c...
      |                                            ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
hint: if that is right: virtopo image lock one
lock/changed.yaml:4:16: error: image 'two' is not fetched from where it was when virtopo.lock was written [image-lock]
    4 |   two: { urls: ["https://example.org/c.qcow2", "https://example.net/b.qcow2"], c...
      |                ^
hint: if that is right: virtopo image lock two
lock/changed.yaml:5:3: error: image 'new' is not in virtopo.lock [image-lock]
    5 |   new: { url: "https://example.org/e", insecure: true }
      |   ^~~
hint: if that is right: virtopo image lock new
EOF
check 2 -f lock/changed.yaml plan

# What cannot be a lock.
printf '{"images": {"one": {}}, "version": 1}\n' >lock/virtopo.lock
err <<'EOF'
lock/virtopo.yaml: error: lock/virtopo.lock cannot be used: the entry of 'one' has no digest or no urls [image-lock]
hint: take it back from where its changes are kept, or remove it and run `virtopo image lock`, which writes what is there today
EOF
check 2 -f lock/virtopo.yaml validate
printf '{"images": {}, "version": 2}\n' >lock/virtopo.lock
err <<'EOF'
lock/virtopo.yaml: error: lock/virtopo.lock was written by a newer virtopo [image-lock]
hint: use that one, or remove the file and run `virtopo image lock`
EOF
check 2 -f lock/virtopo.yaml validate
printf '<<<<<<< HEAD\n' >lock/virtopo.lock
err <<'EOF'
error: lock/virtopo.lock cannot be used: line 1: '[' or '{' expected near '<'
hint: take it back from where its changes are kept, or remove it and run `virtopo image lock`, which writes what is there today
EOF
check 2 -f lock/virtopo.yaml image lock
rm lock/virtopo.lock

err <<'EOF'
error: the file has no image 'three'
hint: without names, all that are downloaded are locked
EOF
check 2 -f lock/virtopo.yaml image lock three
err <<'EOF'
error: image 'here' is not downloaded
hint: only what comes from a `url` can be another thing tomorrow
EOF
check 2 -f lock/virtopo.yaml image lock here
