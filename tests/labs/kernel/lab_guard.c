/* Any exception counts, so that a guard stands around nothing but the student's own code. */

#include "lab_guard.h"

#include "kernel/log/console.h"

static bool is_any(const struct trap_fault *fault)
{
    (void)fault;
    return true;
}

bool lab_try(void (*routine)(void *context), void *context, const char *function,
             struct lab_crash *crash)
{
    struct trap_fault fault = {0};
    if (trap_guard(routine, context, is_any, &fault))
        return true;
    *crash = (struct lab_crash){function, fault};
    return false;
}

void lab_tell(const struct lab_crash *crash)
{
    const struct trap_fault *fault = &crash->fault;
    if (fault->vector == TRAP_PAGE_FAULT)
        console_error("%s crashes: %s at 0x%lx (eip=0x%x)", crash->function,
                      trap_name(fault->vector), (unsigned long)fault->address,
                      (unsigned)fault->eip);
    else
        console_error("%s crashes: %s (eip=0x%x)", crash->function, trap_name(fault->vector),
                      (unsigned)fault->eip);
}

bool lab_guard(void (*routine)(void *context), void *context, const char *function)
{
    struct lab_crash crash;
    if (lab_try(routine, context, function, &crash))
        return true;
    lab_tell(&crash);
    return false;
}
