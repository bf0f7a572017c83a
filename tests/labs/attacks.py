"""What a submission may try, as a table: lab 2's right answer, with an attack in it. Each gets no points.

An attack is `code` at the start of lab_alloc, or `text` in front of all functions, or another kind of
file. TREE and HOME in it stand for paths of this machine.
"""

import contextlib
import dataclasses
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOLUTION = ROOT / "docs" / "labs" / "solutions" / "2.c"
BEGINNING = """#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include "docs/labs/2-bitmap/lab.h"
static uint32_t *used;
static uint32_t frame_total;
static uint32_t alloc_rightly(uint32_t count);
"""
ALLOC_LINE = BEGINNING.count("\n") + 1
PROGRAM_SECONDS = 300


def with_alloc(code, text=""):
    """Lab 2's answer in one file, with `code` on line ALLOC_LINE and `text` behind it."""
    return (f"{BEGINNING}uint32_t lab_alloc(uint32_t count) {{ {code} return alloc_rightly(count); }}\n"
            f"{text}\n#define lab_alloc alloc_rightly\n{SOLUTION.read_text(encoding='utf-8')}")


@dataclasses.dataclass
class Attack:
    reason: str  # a part of what must be said
    code: str = ""
    text: str = ""
    make: object = None  # makes the file, by its path


def include(path, reason="No such file"):
    return Attack(reason, text=f'#include "{path}"')


def opens(path, mode="r"):
    return Attack("lab_alloc opens a file", f'fopen("{path}", "{mode}");')


def calls(reason, code):
    return Attack(f"lab_alloc {reason}", code)


def refuses(word, text="", code=""):
    return Attack(f"the file has {word}, which no lab needs", code, text)


# The C library may block all signals around such a call: then the filter ends the process at once,
# and the reason names no call.
ANY_CALL = ""

RESULTS = r'puts("rule\tones\t8\t8\tall is well\nend"); fflush(stdout); _exit(0);'

ATTACKS = {
    # Code that runs before or beside the calls.
    "constructor": refuses("__attribute__", f"__attribute__((constructor)) void a(void) {{ {RESULTS} }}"),
    "destructor": refuses("__attribute__", f"__attribute__((destructor)) void a(void) {{ {RESULTS} }}"),
    "attribute, short": refuses("__attribute", "__attribute((constructor)) void a(void) {}"),
    "attribute, pasted": refuses("__attribute__",
                                 "#define A __attri##bute__\n#define P(a, b) a##b\n"
                                 "P(__attri, bute__)((constructor)) void a(void) {}"),
    "attribute, split": refuses("__attribute__", "__attri\\\nbute__((constructor)) void a(void) {}"),
    "attribute of C23": refuses("[[", "[[gnu::constructor]] void a(void) {}"),
    "attribute, digraphs": refuses("[[", "<:<:gnu::constructor:>:> void a(void) {}"),
    "attribute behind a marker": refuses("#1", '# 1 "/usr/include/stdio.h" 1 3\n'
                                         "__attribute__((constructor)) void a(void) {}"),
    "attribute behind #line": refuses("#line", '#line 1 "/usr/include/stdio.h"\n'
                                      "__attribute__((constructor)) void a(void) {}"),
    "attribute behind a pragma": refuses("#pragma", "#pragma GCC system_header\n"
                                         "__attribute__((constructor)) void a(void) {}"),
    "marker behind a comment": refuses("#1", '/* " */ # 1 "/usr/include/stdio.h" 1 3\n'),
    "marker by trigraph": refuses("#1", '??=1 "/usr/include/stdio.h" 1 3\n'),
    "pragma": refuses("#pragma", "#pragma weak puts = lab_init"),
    "pragma by operator": refuses("#pragma", "#define P(x) _Pragma(#x)\nP(weak puts = lab_init)"),
    "section": refuses("__attribute__", '__attribute__((section(".preinit_array"))) '
                       "void (*a)(void) = abort;"),
    "ifunc": refuses("__attribute__", 'void a(void) __attribute__((ifunc("b")));'),
    "assembly of a file": refuses("__asm__", '__asm__(".incbin \\"/etc/passwd\\"");'),
    "assembly in a function": refuses("__asm__", code='__asm__ volatile("syscall");'),
    "assembler's name": refuses("__asm__", 'int a __asm__("main");'),
    "own count of steps": refuses("__sanitizer_cov_trace_pc", "void __sanitizer_cov_trace_pc(void) {}"),
    "no sanitizer": refuses("__attribute__", '__attribute__((no_sanitize("address"))) void a(void) {}'),
    "sanitizer's interface": refuses("__asan_poison_memory_region",
                                     "void __asan_poison_memory_region(void *, size_t);"),
    "runner's answer": refuses("runner_answer", "void runner_answer(int, uint32_t *, size_t);"),
    # Results that are not.
    "results printed": Attack("lab_alloc ends the program (exit)", RESULTS),
    "results printed, then wrong": Attack("which is not within the arena's", RESULTS.replace(
        "_exit(0);", "return 12345;")),
    "results written everywhere": calls(
        "writes what only the grader's own runner writes",
        'for (int fd = 0; fd < 1024; fd++) write(fd, "rule\\tones\\t8\\t8\\n", 14);'),
    "answers in advance": calls(
        "writes what only the grader's own runner writes",
        "for (int i = 0; i < 100; i++) { uint32_t a[5] = {0, 3, 2, (uint32_t)i, 1};"
        " write(3, a, sizeof a); }"),
    "answer too long": calls("writes what only the grader's own runner writes",
                             "uint32_t a[3] = {0, 3, UINT32_MAX}; write(3, a, sizeof a);"),
    "garbage without end": calls("writes what only the grader's own runner writes",
                                 "for (;;) write(3, BEGINNING_BYTES, 64);"),
    "the next request read": Attack("lab_alloc does not come to an end; stopped after 3 s",
                                    "char a[4096]; while (read(0, a, sizeof a) >= 0) ;"),
    # Files at compile time.
    **{f"include {path}": include(path) for path in (
        "docs/labs/solutions/2.c", "../solutions/2.c", "../../docs/labs/solutions/2.c", "solutions/2.c",
        "2.c", "TREE/docs/labs/solutions/2.c", "/proc/self/cwd/docs/labs/solutions/2.c",
        "/proc/1/root/TREE/docs/labs/solutions/2.c", "TREE/build/labs/../../docs/labs/solutions/2.c",
        "tests/labs/judge.c", "TREE/tests/labs/judge.c", "TREE/tests/labs/grade_2.c", "mm/buddy.c",
        "mm/buddy.h", "TREE/mm/tree.c", "tests/labs/wrong/2-free-unchecked.c",
        "TREE/tests/labs/attacks.py", "TREE/.git/config", "/etc/passwd", "/etc/shadow", "HOME/secret",
        "HOME/../secret", "/dev/zero", "/dev/stdin", "/proc/self/environ", "/proc/self/fd/0",
        "includes-itself.c")},
    "include <solution>": Attack("No such file", text="#include <docs/labs/solutions/2.c>"),
    "include by a macro": Attack("No such file",
                                 text='#define FILE "docs/labs/solutions/2.c"\n#include FILE'),
    "include itself": Attack("No such file", text="#include __FILE__"),
    "include next": Attack("No such file", text='#include_next "docs/labs/solutions/2.c"'),
    # Compilers without end.
    "text without end": Attack("does not compile for the host", text="\n".join(
        ["#define A0 1,1,1,1,1,1,1,1"] + [f"#define A{i} " + f"A{i - 1},A{i - 1},A{i - 1},A{i - 1}"
                                          for i in range(1, 16)] + ["int a[] = {A15};"])),
    "object without end": Attack("does not compile for the host",
                                 text="static int a[1 << 28] = {1}; int *b = a;"),
    "errors without end": Attack("does not compile for the host", text="\n".join(
        ["#define E0 ; 1x 2y 3z"] + [f"#define E{i} E{i - 1} E{i - 1} E{i - 1} E{i - 1}"
                                     for i in range(1, 9)] + ["E8"])),
    # Files at run time.
    **{f"open {path}": opens(path) for path in (
        "TREE/docs/labs/solutions/2.c", "docs/labs/solutions/2.c", "TREE/tests/labs/judge.c",
        "HOME/secret", "/etc/passwd", "/proc/self/mem", "/proc/self/maps", "/proc/1/mem",
        "/proc/1/environ", "/dev/mem", "/dev/null")},
    **{f"write {path}": opens(path, "w") for path in (
        "HOME/written", "TREE/build/labs/written", "TREE/docs/labs/solutions/2.c", "written",
        "../written", "/tmp/written", "/var/tmp/written", "/dev/shm/written", "/proc/self/mem")},
    "full disk": calls("opens a file", 'char name[40]; for (int i = 0;; i++) {'
                       ' sprintf(name, "f%d", i); FILE *f = fopen(name, "w");'
                       " for (int k = 0; f && k < 1000000; k++) fputs(name, f); }"),
    "every file": calls("opens a file", "for (;;) open(\"/\", O_RDONLY);"),
    "folder": calls("opens a file", 'opendir("/");'),
    "temporary file": calls("opens a file", "tmpfile();"),
    "file in memory": calls("makes a file", 'memfd_create("a", 0);'),
    "shared memory": calls("opens a file", 'shm_open("/a", O_RDWR | O_CREAT, 0600);'),
    "shared segment": calls("makes system call", "shmget(1, 1 << 20, IPC_CREAT | 0600);"),
    "symbolic link": calls("makes system call", 'symlink("/etc/passwd", "text.o");'),
    "link": calls("makes system call", 'link("/etc/passwd", "2.png");'),
    "new folder": calls("makes system call", 'mkdir("HOME/a", 0700);'),
    "removal": calls("makes system call", 'unlink("HOME/secret");'),
    "fewer rights": calls("makes system call", 'chmod("HOME/secret", 0777);'),
    "descriptors": calls("makes system call", "for (;;) dup(0);"),
    "closed answers": calls("makes system call", "close(3);"),
    # Other processes.
    "fork": calls(ANY_CALL, "fork();"),
    "fork without end": calls(ANY_CALL, "for (;;) fork();"),
    "vfork": calls(ANY_CALL, "if (vfork() == 0) _exit(0);"),
    "thread": calls(ANY_CALL, "pthread_t t;"
                    " pthread_create(&t, NULL, (void *(*)(void *))abort, NULL);"),
    "shell": calls("", 'system("id > HOME/written");'),
    "pipe to a shell": calls("makes system call", 'popen("id > HOME/written", "w");'),
    "program": calls("starts a program", 'execl("/bin/sh", "sh", "-c", "id", (char *)0);'),
    "signal to all": calls("sends a signal", "kill(-1, SIGKILL);"),
    "signal to the group": calls("sends a signal", "kill(0, SIGKILL);"),
    "signal to the parent": calls("makes system call", "kill(getppid(), SIGKILL);"),
    "signal to a thread": calls("sends a signal", "syscall(SYS_tgkill, 1, 1, SIGKILL);"),
    "trace the parent": calls("", "ptrace(PTRACE_ATTACH, getppid(), 0, 0);"),
    "trace": calls("traces a process", "ptrace(PTRACE_ATTACH, 1, 0, 0);"),
    "traced": calls("traces a process", "ptrace(PTRACE_TRACEME, 0, 0, 0);"),
    "other memory read": calls("makes system call", "struct iovec v = {&count, 4};"
                               " process_vm_readv(1, &v, 1, &v, 1, 0);"),
    "other memory written": calls("makes system call", "struct iovec v = {&count, 4};"
                                  " process_vm_writev(1, &v, 1, &v, 1, 0);"),
    "network": calls("opens a socket", "socket(AF_INET, SOCK_STREAM, 0);"),
    "local network": calls("opens a socket", "socket(AF_UNIX, SOCK_STREAM, 0);"),
    "more rights": calls("makes system call", "setuid(0);"),
    "larger limits": calls("makes system call", "struct rlimit l = {1, 1}; setrlimit(RLIMIT_CPU, &l);"),
    "code made at run time": calls("makes system call", "mmap(0, 4096, PROT_WRITE | PROT_EXEC,"
                                   " MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);"),
    "data made code": calls("makes system call",
                            "mprotect((void *)((size_t)used & ~4095ul), 4096, PROT_EXEC);"),
    "sleep": calls("makes system call", "sleep(1000);"),
    "wait for a signal": calls("makes system call", "pause();"),
    "caught refusal": calls("catches SIGSYS", "signal(SIGSYS, SIG_IGN); fork();"),
    "blocked refusal": calls("asks the system for what no lab needs",
                             "sigset_t all; sigfillset(&all); sigprocmask(SIG_BLOCK, &all, NULL);"
                             " fork();"),
    # The end.
    "early end": Attack("lab_alloc ends the program (exit)", "_exit(0);"),
    "quick end": Attack("lab_alloc ends the program (exit)", "quick_exit(0);"),
    "end at the end": calls("opens a file", "atexit(abort); fopen(\"/\", \"r\");"),
    "signal of its own": Attack("lab_alloc ends the program (Segmentation fault)",
                                "signal(SIGSEGV, SIG_DFL); raise(SIGSEGV);"),
    "pointer to anywhere": Attack("lab_alloc crashes:", "memset((void *)&count, 1, 1 << 20);"),
    "pointer to code": Attack("lab_alloc crashes: SEGV", "*(volatile char *)(size_t)lab_init = 0;"),
    "memory without end": Attack(
        "lab_alloc takes more than 256 MiB",
        "for (;;) memset(mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),"
        " 1, 1 << 20);"),
}


def fill(text, home):
    return text.replace("TREE", str(ROOT)).replace("HOME", str(home)).replace("BEGINNING_BYTES", "used")


@contextlib.contextmanager
def file_of(name, text):
    """A file with the text, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        path.write_text(text, encoding="utf-8")
        yield path


def snapshot(home):
    """What an attack could have changed: paths, sizes and times."""
    folders = [home, ROOT / "docs" / "labs" / "solutions", pathlib.Path("/tmp"), pathlib.Path("/var/tmp"),
               pathlib.Path("/dev/shm")]
    paths = [path for folder in folders if folder.is_dir() for path in folder.iterdir()
             if folder in (home, folders[1]) or path.name == "written"]
    return sorted((str(path), path.lstat().st_size, path.lstat().st_mtime_ns) for path in paths)


@contextlib.contextmanager
def prepare(attack, name):
    """The attack's file, and a function that says whether nothing outside of it changed."""
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder) / "home"
        home.mkdir()
        (home / "secret").write_text("int stolen;\n", encoding="utf-8")
        path = pathlib.Path(folder) / (name.split("/")[-1].replace(" ", "-").removesuffix(".c") + ".c")
        if attack.make:
            attack.make(path)
        else:
            path.write_text(with_alloc(fill(attack.code, home), fill(attack.text, home)),
                            encoding="utf-8")
        before = snapshot(home)
        yield path, lambda: snapshot(home) == before


def make_link(path):
    path.symlink_to(SOLUTION)


def make_include(path):
    path.write_text('#include "docs/labs/solutions/2.c"\n', encoding="utf-8")


def make_binary(path):
    path.write_bytes(SOLUTION.read_bytes() + b"\0\x7fELF")


def make_huge(path):
    path.write_bytes(SOLUTION.read_bytes() + b"/* long */\n" * 30000)


def make_holes(path):
    with open(path, "wb") as stream:
        stream.truncate(1 << 40)


ATTACKS.update({
    "link to the solution": Attack("is a symbolic link; a lab is one file of C", make=make_link),
    "nothing but the solution": Attack("No such file", make=make_include),
    "link to nothing": Attack("is a symbolic link", make=lambda path: path.symlink_to("nothing")),
    "folder for a file": Attack("is no file, but a folder", make=lambda path: path.mkdir()),
    "pipe for a file": Attack("is no file, but a folder, a pipe or a device", make=os.mkfifo),
    "zero bytes": Attack("is no text: there is a zero byte in it", make=make_binary),
    "huge file": Attack("has more than 262144 bytes", make=make_huge),
    "huge hole": Attack("has more than 262144 bytes", make=make_holes),
    "no file": Attack("there is no file", make=lambda path: None),
    "empty file": Attack("there is no lab_alloc", make=lambda path: path.touch()),
})


def without_programs(words, *names):
    """Runs it where no such program is found. (its status, what it said)."""
    with tempfile.TemporaryDirectory() as folder:
        for place in ("/usr/bin", "/bin"):
            for program in os.listdir(place):
                link = pathlib.Path(folder) / program
                if program not in names and not link.exists():
                    link.symlink_to(f"{place}/{program}")
        done = subprocess.run(words, env=os.environ | {"PATH": folder}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=PROGRAM_SECONDS, check=False)
    return done.returncode, done.stdout
