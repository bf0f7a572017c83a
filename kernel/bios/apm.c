/*
 * Asks the BIOS to switch off, by Advanced Power Management (APM BIOS Interface Specification 1.2,
 * chapter 4: functions 53xxh of interrupt 15h). From the second step on nothing is to be learned
 * from an error, since BIOSes differ in what they insist on, and only the last step counts.
 */

#include "v86.h"

#include "drivers/pc/timer.h"

#define SYSTEM_VECTOR 0x15
#define CHECK 0x5300
#define CONNECT 0x5301
#define SET_POWER_STATE 0x5307
#define ENABLE 0x5308
#define DRIVER_VERSION 0x530E
#define SIGNATURE 0x504D /* "PM" */
#define VERSION_12 0x0102
#define DEVICE_BIOS 0x0000
#define DEVICE_ALL 0x0001
#define STATE_OFF 0x0003
#define ENABLED 0x0001

#define OFF_MICROSECONDS 500000

static const char *ask(uint32_t function, uint32_t device, uint32_t argument, uint32_t *ebx)
{
    struct bios_registers registers = {.eax = function, .ebx = device, .ecx = argument};
    const char *why = v86_interrupt(SYSTEM_VECTOR, V86_OWNER, &registers, NULL, 0);
    if (ebx)
        *ebx = registers.ebx;
    return why;
}

const char *apm_power_off(void)
{
    static const struct {
        uint16_t function, device, argument;
    } steps[] = {{CONNECT, DEVICE_BIOS, 0},
                 {DRIVER_VERSION, DEVICE_BIOS, VERSION_12},
                 {ENABLE, DEVICE_ALL, ENABLED},
                 {SET_POWER_STATE, DEVICE_ALL, STATE_OFF}};
    uint32_t signature = 0;
    const char *why = ask(CHECK, DEVICE_BIOS, 0, &signature);
    if (why)
        return why;
    if ((signature & 0xFFFF) != SIGNATURE)
        return "the BIOS has no power management";
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        why = ask(steps[i].function, steps[i].device, steps[i].argument, NULL);
        if (why)
            return why;
    }
    timer_wait(OFF_MICROSECONDS);
    return "the BIOS did not switch off";
}
