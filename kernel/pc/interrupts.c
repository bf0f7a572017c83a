/*
 * Switches on the kernel's interrupt lines, and asks the devices themselves where no interrupt
 * comes. PCs without the old controllers, or with firmware that left them unconnected, are met:
 * what the others say at an interrupt, the devices are then asked for.
 */

#include "interrupts.h"

#include "drivers/pc/keyboard.h"
#include "drivers/pc/mouse.h"
#include "drivers/pc/serial.h"
#include "drivers/pc/timer.h"
#include "kernel/log/console.h"
#include "trap.h"

#define POLL_MICROSECONDS 1000u

void interrupts_start(void)
{
    trace_step("keyboard controller");
    if (keyboard_init()) {
        trap_set_interrupt(KEYBOARD_LINE, keyboard_interrupt);
        if (mouse_init())
            trap_set_interrupt(MOUSE_LINE, keyboard_interrupt);
    }
    trace_step("interrupts on");
    trap_set_interrupt(TIMER_LINE, timer_interrupt);
    trap_set_interrupt(SERIAL_LINE, serial_interrupt);
    cpu_enable_interrupts();
    if (!timer_is_counting())
        console_error("the timer does not count: times are rough");
    if (!timer_find_ticks())
        console_error("no timer interrupt comes: keyboard and serial line are asked instead");
}

void interrupts_rest(void)
{
    if (timer_ticks_come()) {
        cpu_wait_for_interrupt();
        return;
    }
    timer_wait(POLL_MICROSECONDS);
    cpu_disable_interrupts(); /* those of the devices may come all the same */
    serial_interrupt();
    keyboard_interrupt();
    cpu_enable_interrupts();
}
