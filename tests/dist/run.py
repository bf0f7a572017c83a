#!/usr/bin/env python3
"""Makes the release in two folders, and compares: `ok` or `FAIL` for each rule, and the counts.

    python3 tests/dist/run.py FOLDER

Copies the files that git knows into two new folders below FOLDER, whose names differ in length and
in blanks, and runs `make dist` in each. What npm installed here already is copied as well, so that
it is not fetched twice; nothing else is. The folders stay if something is wrong.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = ("a", "another folder, with blanks")
NPM = "build/npm"


def put_tree(folder):
    shutil.rmtree(folder, ignore_errors=True)
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    if (ROOT / NPM).is_dir():
        shutil.copytree(ROOT / NPM, folder / NPM, symlinks=True)


def make_release(folder):
    """The release's folder; its files by name."""
    put_tree(folder)
    environment = {**os.environ, "MAKEFLAGS": f"-j{os.cpu_count()}", "CCACHE_DISABLE": "1"}
    subprocess.run(["make", "dist"], cwd=folder, env=environment, check=True,
                   stdout=subprocess.DEVNULL)
    release = folder / "build/dist"
    return release, {path.name: path.read_bytes() for path in release.iterdir()}


def different_files(files, others):
    return sorted(name for name in files.keys() | others.keys()
                  if files.get(name) != others.get(name))


def missing_kinds(files, version):
    """Those of a release's files that are not there, or empty."""
    wanted = [f"ashlar-{version}.elf", f"ashlar-{version}.iso", f"ashlar-{version}-bios.img",
              f"ashlar-{version}.html", f"ashlar-mm-{version}.tar.gz", "SHA256SUMS"]
    return [name for name in wanted if not files.get(name)] + sorted(files.keys() - set(wanted))


def wrong_sums(files):
    said = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()
             if name != "SHA256SUMS"}
    return [name for name in sorted(said.keys() | found.keys()) if said.get(name) != found.get(name)]


def uncompiled_files(release, version, folder):
    """Those files of the archive that do not compile by themselves, outside of this tree."""
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(release / f"ashlar-mm-{version}.tar.gz") as archive:
        archive.extractall(folder)
    top = folder / f"ashlar-mm-{version}"
    sources = sorted(top.glob("mm/*.c"))
    wrong = [source.name for source in sources
             if subprocess.run(["gcc", "-std=c11", "-ffreestanding", "-Wall", "-Wextra", "-Werror",
                                "-fsyntax-only", source], check=False).returncode]
    wanted = {path.name for path in (ROOT / "mm").glob("*.c")}
    return wrong + sorted(wanted - {source.name for source in sources})


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: tests/dist/run.py FOLDER")
    work = pathlib.Path(sys.argv[1]).resolve()
    version = (ROOT / "VERSION").read_text(encoding="ascii").strip()
    (release, files), (_, others) = [make_release(work / name) for name in NAMES]
    rules = {
        "the release is complete": missing_kinds(files, version),
        "two folders give the same bits": different_files(files, others),
        "the sums are right": wrong_sums(files),
        "mm/ compiles outside of this tree": uncompiled_files(release, version, work / "mm"),
    }
    for rule, complaints in rules.items():
        print(f"{'FAIL' if complaints else 'ok':4} {rule} {', '.join(complaints)}".rstrip())
    failed = sum(map(bool, rules.values()))
    print(f"{len(rules) - failed} passed, {failed} failed")
    if failed:
        return 1
    shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
