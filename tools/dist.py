#!/usr/bin/env python3
"""Puts what a release consists of into a folder, with the SHA-256 sum of each file.

    tools/dist.py VERSION OUT FILE...

Each FILE goes there under a name with the version in it. An archive of mm/ is added, with what
somebody needs who takes it into another kernel. The same input gives the same bits: the archive
has its files in order of their names, all of one date, and nobody owns them.
"""

import gzip
import hashlib
import io
import pathlib
import shutil
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXED_TIME = 946684800  # 2000-01-01, as in the images
ARCHIVED = ("LICENSE", "VERSION", "docs/porting.md", "mm/*.c", "mm/*.h", "tests/example/*")


def release_name(path, version):
    """ashlar-bios.img becomes ashlar-1.0.0-bios.img."""
    return path.name.replace("ashlar", f"ashlar-{version}", 1)


def add_file(archive, path, name):
    entry = tarfile.TarInfo(name)
    data = path.read_bytes()
    entry.size, entry.mtime, entry.mode = len(data), FIXED_TIME, 0o644
    archive.addfile(entry, io.BytesIO(data))


def write_archive(path, folder):
    files = sorted(file for pattern in ARCHIVED for file in ROOT.glob(pattern))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for file in files:
            add_file(archive, file, f"{folder}/{file.relative_to(ROOT).as_posix()}")
    path.write_bytes(gzip.compress(packed.getvalue(), 9, mtime=0))


def write_sums(out):
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
             for path in sorted(out.iterdir())]
    (out / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def main():
    if len(sys.argv) < 4:
        sys.exit("usage: tools/dist.py VERSION OUT FILE...")
    version, out, *files = sys.argv[1], pathlib.Path(sys.argv[2]), *map(pathlib.Path, sys.argv[3:])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for file in files:
        shutil.copyfile(file, out / release_name(file, version))
    folder = f"ashlar-mm-{version}"
    write_archive(out / f"{folder}.tar.gz", folder)
    write_sums(out)
    print((out / "SHA256SUMS").read_text(encoding="ascii"), end="")


if __name__ == "__main__":
    main()
