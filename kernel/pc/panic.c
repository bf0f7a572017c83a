/*
 * Stops the kernel and says why, on every console. Uses as little of the kernel as it can: the
 * console, the symbols, the frame pointers on the stack, and two counters. All of it fits on a text
 * screen, so that a photo has all of it. What goes wrong on the way is told too, with less and less
 * of the kernel: on the serial line first, then on the screen.
 */

#include "panic.h"

#include "drivers/pc/pic.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/log/symbols.h"
#include "machine_check.h"

/* The smallest screen, without the line that the cursor ends up in. */
#define COLUMNS 80
#define ROWS 24
#define ROWS_AFTER_BACKTRACE 3
#define MACHINE_CHECKS_MAX 4

#define SENTENCE_MAX 256

extern const unsigned char boot_stack_base[];
extern const unsigned char boot_stack_top[];

struct panic_hooks panic_hooks;
static int rows_left = ROWS;
static unsigned depth; /* 1: a report, 2: one that became necessary while that was made */
static const char *first_sentence; /* on the stack of who never returns */
static bool first_is_said;

/* ---- lines ----------------------------------------------------------------------------------- */

/* The reason alone may take more than a line; others are cut. */
static void put_line(const char *text, bool is_cut)
{
    int length = 0;
    for (; text[length] && !(is_cut && length == COLUMNS); length++)
        console_put(text[length]);
    console_put('\n');
    rows_left -= length > COLUMNS ? (length + COLUMNS - 1) / COLUMNS : 1;
}

void panic_print_line(const char *format, ...)
{
    char text[COLUMNS + 1];
    va_list arguments;
    va_start(arguments, format);
    format_list(text, sizeof text, format, arguments);
    va_end(arguments);
    put_line(text, true);
}

/* ---- the backtrace --------------------------------------------------------------------------- */

/*
 * An instruction's address. A return address is looked up a byte before, in the call itself: of a
 * call that never returns it is the function's last.
 */
static void print_code(uint32_t address, uint32_t bytes_before)
{
    uint32_t offset;
    const char *name = symbols_find(address - bytes_before, &offset);
    if (name)
        panic_print_line("  0x%08x %s+0x%x", address, name, offset + bytes_before);
    else
        panic_print_line("  0x%08x", address);
}

static bool is_on_stack(uint32_t frame)
{
    return frame >= (uint32_t)(uintptr_t)boot_stack_base &&
           frame <= (uint32_t)(uintptr_t)boot_stack_top - 8 && (frame & 3) == 0;
}

/*
 * Each frame holds the caller's frame and the return address; frames lie ever higher on the
 * stack. False at the end, which holds zeros.
 */
static bool next_frame(uint32_t *frame, uint32_t *return_address)
{
    if (*frame == 0 || !is_on_stack(*frame))
        return false;
    const uint32_t *saved = (const uint32_t *)(uintptr_t)*frame;
    *return_address = saved[1];
    *frame = saved[0] > *frame ? saved[0] : 0;
    return *return_address != 0;
}

static unsigned count_frames(uint32_t frame)
{
    unsigned count = 0;
    uint32_t unused;
    while (next_frame(&frame, &unused))
        count++;
    return count;
}

/* As many as the screen takes, from the innermost on. */
static void print_backtrace(uint32_t frame)
{
    unsigned count = count_frames(frame);
    uint32_t return_address = 0;
    while (count > 0 && (rows_left > ROWS_AFTER_BACKTRACE + 1 ||
                         (count == 1 && rows_left > ROWS_AFTER_BACKTRACE))) {
        next_frame(&frame, &return_address);
        print_code(return_address, 1);
        count--;
    }
    if (count > 0)
        panic_print_line("  ... %u more", count);
}

/* ---- begin and end --------------------------------------------------------------------------- */

/*
 * Before anything that may go wrong itself. Whatever does so a third time is told on the serial
 * line; then there is nobody left to tell it to.
 */
static void enter(void)
{
    cpu_disable_interrupts();
    trap_forget_guards();
    depth++;
    if (depth == 3)
        console_write_remote("\npanic: a third fault, while the second was reported\n");
    if (depth > 2)
        cpu_stop();
}

static void say_second(void (*write)(const char *text), const char *sentence)
{
    write("\n");
    if (first_sentence && !first_is_said) {
        write(first_sentence);
        write("\n");
    }
    write(sentence);
    write("\nThis came while the first was reported. The system has stopped.\n");
}

/* The screen may be what failed, so it comes last. */
static _Noreturn void report_second(const char *sentence)
{
    say_second(console_write_remote, sentence);
    say_second(console_write_local, sentence);
    if (panic_hooks.finish_screen)
        panic_hooks.finish_screen();
    cpu_stop();
}

/* The first sentence opens the report; a second one is all that there is of its own. */
static void begin(const char *sentence)
{
    if (depth > 1)
        report_second(sentence);
    first_sentence = sentence;
    if (panic_hooks.prepare_screen)
        panic_hooks.prepare_screen();
    console_put('\n');
    put_line(sentence, false);
    first_is_said = true;
}

static _Noreturn void end(void)
{
    if (panic_hooks.tell_state)
        panic_hooks.tell_state();
    console_write("The system has stopped. Switch off or reset the machine.\n");
    if (panic_hooks.finish_screen)
        panic_hooks.finish_screen();
    cpu_stop();
}

/* ---- reasons --------------------------------------------------------------------------------- */

void panic(const char *format, ...)
{
    char text[SENTENCE_MAX] = "panic: ";
    size_t length = strlen(text);
    va_list arguments;
    uint32_t frame = (uint32_t)(uintptr_t)cpu_frame_pointer();
    enter();
    va_start(arguments, format);
    format_list(text + length, sizeof text - length, format, arguments);
    va_end(arguments);
    begin(text);
    panic_print_line("ebp=0x%08x cr0=0x%08x cr2=0x%08x cr3=0x%08x", frame, cpu_read_cr0(),
                     cpu_read_cr2(), cpu_read_cr3());
    panic_print_line("backtrace");
    print_backtrace(frame);
    end();
}

void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    panic("assertion failed: %s, %s line %d", expression, file, line);
}

static void print_registers(const struct trap_frame *frame, uint32_t esp)
{
    panic_print_line("eax=0x%08x ebx=0x%08x ecx=0x%08x edx=0x%08x", frame->eax, frame->ebx,
                     frame->ecx, frame->edx);
    panic_print_line("esi=0x%08x edi=0x%08x ebp=0x%08x esp=0x%08x", frame->esi, frame->edi,
                     frame->ebp, esp);
    panic_print_line("eip=0x%08x eflags=0x%08x cs=0x%02x error=0x%x", frame->eip, frame->eflags,
                     frame->cs & 0xFFFF, frame->error_code);
    panic_print_line("cr0=0x%08x cr2=0x%08x cr3=0x%08x", cpu_read_cr0(), cpu_read_cr2(),
                     cpu_read_cr3());
}

/* What the banks' values mean is in the processor's manual. */
static void print_machine_checks(void)
{
    struct machine_check check;
    unsigned bank = 0;
    for (int i = 0; i < MACHINE_CHECKS_MAX && machine_check_next(&bank, &check); i++) {
        char address[32] = "";
        if (check.has_address)
            format_text(address, sizeof address, " address=0x%llx", (number_t)check.address);
        panic_print_line("bank %u status=0x%016llx%s", check.bank, (number_t)check.status, address);
    }
}

/* A call to where no code is made no frame of its own: it is on top of the stack. */
static void print_innermost(const struct trap_frame *frame, uint32_t esp)
{
    uint32_t unused;
    uint32_t caller = trap_stack_top(esp);
    print_code(frame->eip, 0);
    if (!symbols_find(frame->eip, &unused) && symbols_find(caller, &unused))
        print_code(caller, 1);
}

static _Noreturn void report_exception(const struct trap_frame *frame, uint32_t esp,
                                       const char *more)
{
    char text[SENTENCE_MAX];
    size_t length = format_text(text, sizeof text, "panic: exception %u, %s%s", frame->vector,
                                trap_name(frame->vector), more);
    if (depth > 1 && length < sizeof text)
        format_text(text + length, sizeof text - length, ", eip=0x%08x", frame->eip);
    begin(text);
    if (panic_hooks.tell_cause)
        panic_hooks.tell_cause();
    if (frame->vector == TRAP_MACHINE_CHECK)
        print_machine_checks();
    print_registers(frame, esp);
    panic_print_line("backtrace");
    print_innermost(frame, esp);
    print_backtrace(frame->ebp);
    end();
}

void panic_trap(const struct trap_frame *frame)
{
    char more[128] = "";
    enter();
    if (frame->vector == TRAP_PAGE_FAULT)
        format_text(more, sizeof more, " at 0x%08x (%s, %s)", cpu_read_cr2(),
                    frame->error_code & 2 ? "write" : "read",
                    frame->error_code & 1 ? "protected" : "not mapped");
    if (frame->vector == TRAP_NMI)
        format_text(more, sizeof more, ": %s", pic_nmi_reason());
    if (frame->vector == TRAP_MACHINE_CHECK)
        format_text(more, sizeof more, ": the processor found an error of the hardware");
    report_exception(frame, trap_frame_esp(frame), more);
}

void panic_double_fault(const struct trap_frame *frame, uint32_t esp)
{
    bool is_full = esp < (uint32_t)(uintptr_t)boot_stack_base + 64;
    enter();
    report_exception(frame, esp, is_full ? " (the stack is full)" : "");
}
