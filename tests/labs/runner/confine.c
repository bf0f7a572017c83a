/*
 * A filter of system calls (Linux, Documentation/userspace-api/seccomp_filter.rst): memory,
 * reading, writing and ending are allowed. Anything else ends the process with a message that
 * names the call.
 */

#define _GNU_SOURCE /* dladdr, REG_RAX */

#include "runner.h"

#include <dlfcn.h>
#include <errno.h>
#include <gnu/libc-version.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "no filter of system calls for this machine"
#endif

/* clang-format off */
#define FIELD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define IF_EQUAL(value, skip_true, skip_false) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, skip_true, skip_false)
#define ALLOW(call) IF_EQUAL(SYS_##call, 0, 1), RETURN(SECCOMP_RET_ALLOW)
/* The C library asks these of what it writes to, and goes on without an answer. */
#define DENY(call) IF_EQUAL(SYS_##call, 0, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS)

/* Nobody makes code at run time: it could have system calls of its own. */
#define WITHOUT_CODE(call) \
    IF_EQUAL(SYS_##call, 0, 4), FIELD(args[2]), \
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), RETURN(SECCOMP_RET_TRAP), \
    RETURN(SECCOMP_RET_ALLOW)

/*
 * A process may signal itself only, and may not catch SIGSYS, which comes of what is not
 * allowed.
 */
#define FILTER(own_process) { \
    FIELD(arch), IF_EQUAL(ARCHITECTURE, 1, 0), RETURN(SECCOMP_RET_KILL_PROCESS), FIELD(nr), \
    ALLOW(read), ALLOW(write), ALLOW(writev), ALLOW(fstat), ALLOW(exit_group), ALLOW(exit), \
    WITHOUT_CODE(mmap), WITHOUT_CODE(mprotect), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise), \
    ALLOW(brk), \
    ALLOW(futex), ALLOW(rt_sigprocmask), ALLOW(rt_sigreturn), ALLOW(sigaltstack), \
    ALLOW(clock_gettime), ALLOW(getpid), ALLOW(gettid), ALLOW(getrandom), ALLOW(sched_yield), \
    DENY(lseek), DENY(newfstatat), DENY(ioctl), \
    IF_EQUAL(SYS_tgkill, 0, 3), \
    FIELD(args[0]), IF_EQUAL(own_process, 0, 5), RETURN(SECCOMP_RET_ALLOW), \
    IF_EQUAL(SYS_rt_sigaction, 0, 3), \
    FIELD(args[0]), IF_EQUAL(SIGSYS, 1, 0), RETURN(SECCOMP_RET_ALLOW), \
    RETURN(SECCOMP_RET_TRAP), \
}
/* clang-format on */

static const void *library; /* where the C library begins */

static const void *find_library(const void *address)
{
    Dl_info found;
    return dladdr(address, &found) ? found.dli_fbase : NULL;
}

static void set_result(ucontext_t *context, long value)
{
#if defined(__x86_64__)
    context->uc_mcontext.gregs[REG_RAX] = value;
#else
    context->uc_mcontext.regs[0] = (unsigned long)value;
#endif
}

/*
 * The sanitizers make their system calls themselves when they report: those fail, and they go
 * on. The student's code has the C library's calls only, since it has no assembly.
 */
static void answer_refused(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    if (find_library(info->si_call_addr) != library) {
        set_result(context, -ENOENT);
        return;
    }
    runner_answer(ANSWER_REFUSED, &(uint32_t){(uint32_t)info->si_syscall}, 1);
    _exit(1);
}

void runner_confine(void)
{
    const struct sigaction action = {.sa_sigaction = answer_refused, .sa_flags = SA_SIGINFO};
    struct sock_filter filter[] = FILTER((uint32_t)getpid());
    const struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    library = find_library((const void *)gnu_get_libc_version);
    if (sigaction(SIGSYS, &action, NULL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("seccomp");
        _exit(1);
    }
}
