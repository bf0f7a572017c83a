/*
 * Uses as little of the kernel as it can: the console, the symbols, and the frame pointers on the
 * stack. A second panic on the way says so on the serial line and stops.
 */

#include "panic.h"

#include "console.h"
#include "fault.h"
#include "format.h"
#include "report.h"
#include "symbols.h"

#define BACKTRACE_MAX 16
#define PAGE_FAULT 14

extern const unsigned char boot_stack_base[];
extern const unsigned char boot_stack_top[];

static void (*prepare_screen)(void);
static void (*finish_screen)(void);

void panic_set_screen(void (*prepare)(void), void (*finish)(void))
{
    prepare_screen = prepare;
    finish_screen = finish;
}

static void print_place(uint32_t address, const char *name, uint32_t offset)
{
    if (name)
        console_print("  0x%08x %s+0x%x\n", address, name, offset);
    else
        console_print("  0x%08x\n", address);
}

static void print_instruction(uint32_t address)
{
    uint32_t offset;
    const char *name = symbols_find(address, &offset);
    print_place(address, name, offset);
}

/*
 * A call that never returns may be its function's last instruction: the call itself is looked up.
 */
static void print_return_address(uint32_t address)
{
    uint32_t offset;
    const char *name = symbols_find(address - 1, &offset);
    print_place(address, name, offset + 1);
}

static bool is_on_stack(uint32_t frame)
{
    return frame >= (uint32_t)(uintptr_t)boot_stack_base &&
           frame <= (uint32_t)(uintptr_t)boot_stack_top - 8 && (frame & 3) == 0;
}

/*
 * Each frame holds the caller's frame and the return address; frames lie ever higher on the
 * stack.
 */
static void print_backtrace(uint32_t frame)
{
    for (int i = 0; i < BACKTRACE_MAX && is_on_stack(frame); i++) {
        const uint32_t *saved = (const uint32_t *)(uintptr_t)frame;
        if (saved[1] == 0)
            break;
        print_return_address(saved[1]);
        if (saved[0] <= frame)
            break;
        frame = saved[0];
    }
}

static void begin(void)
{
    static bool panicking;
    cpu_disable_interrupts();
    if (panicking) {
        console_set_screen(NULL);
        console_write("\nerror: a second panic while the first was reported\n");
        cpu_stop();
    }
    panicking = true;
    if (prepare_screen)
        prepare_screen();
}

static _Noreturn void end(void)
{
    report_build();
    console_write("The system has stopped. Switch off or reset the machine.\n");
    if (finish_screen)
        finish_screen();
    cpu_stop();
}

void panic(const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    format_list(text, sizeof text, format, arguments);
    va_end(arguments);
    begin();
    console_print("\npanic: %s\nbacktrace\n", text);
    print_backtrace((uint32_t)(uintptr_t)cpu_frame_pointer());
    end();
}

void panic_assert(const char *expression, const char *file, int line)
{
    panic("assertion failed: %s, %s line %d", expression, file, line);
}

static void print_registers(const struct trap_frame *frame)
{
    uint32_t esp = frame->esp_before_pusha + 5 * sizeof(uint32_t); /* above what the trap pushed */
    console_print("eax=0x%08x ebx=0x%08x ecx=0x%08x edx=0x%08x\n", frame->eax, frame->ebx,
                  frame->ecx, frame->edx);
    console_print("esi=0x%08x edi=0x%08x ebp=0x%08x esp=0x%08x\n", frame->esi, frame->edi,
                  frame->ebp, esp);
    console_print("eip=0x%08x eflags=0x%08x cs=0x%02x error=0x%x\n", frame->eip, frame->eflags,
                  frame->cs & 0xFFFF, frame->error_code);
    console_print("cr0=0x%08x cr2=0x%08x cr3=0x%08x\n", cpu_read_cr0(), cpu_read_cr2(),
                  cpu_read_cr3());
}

void panic_trap(const struct trap_frame *frame)
{
    begin();
    console_print("\npanic: exception %u, %s", frame->vector, trap_name(frame->vector));
    if (frame->vector == PAGE_FAULT)
        console_print(" at 0x%08x (%s, %s)", cpu_read_cr2(),
                      frame->error_code & 2 ? "write" : "read",
                      frame->error_code & 1 ? "protected" : "not mapped");
    console_write("\n");
    if (fault_running_driver())
        console_print("driver %s was running\n", fault_running_driver());
    print_registers(frame);
    console_write("backtrace\n");
    print_instruction(frame->eip);
    print_backtrace(frame->ebp);
    end();
}

void panic_double_fault(struct cpu_task task)
{
    begin();
    console_print("\npanic: exception 8, double fault\neip=0x%08x ebp=0x%08x esp=0x%08x%s\n",
                  task.eip, task.ebp, task.esp,
                  task.esp < (uint32_t)(uintptr_t)boot_stack_base + 64 ? " (the stack is full)"
                                                                       : "");
    console_write("backtrace\n");
    print_instruction(task.eip);
    print_backtrace(task.ebp);
    end();
}
