; From the boot loader to C, and from a trap to C. Everything here is too early or too low for C.

bits 32

extern a20_open
extern extent_check
extern kmain
extern trap_handle

global boot_entry
global boot_extended
global boot_start
global boot_stack_base
global boot_stack_top
global trap_stubs
global gdt_load
global double_fault_enter
global trap_guard_call
global trap_guard_landing
global boot_stack_guard

STACK_BYTES equ 32768

section .bss align=4096
boot_stack_guard:               ; unmapped once paging is on: running over the stack is a fault
    resb 4096
boot_stack_base:
    resb STACK_BYTES
boot_stack_top:

section .text

; EAX holds the loader's magic, EBX the physical address of its information, paging is off
; (Multiboot 0.6.96, 3.2). kmain(magic, information) does not return.
boot_entry:
    cli
    cld
    jmp a20_open                ; comes back at boot_start, with all memory above 1 MiB
boot_start:
    jmp extent_check            ; comes back at boot_extended, with memory up to the kernel's end
boot_extended:
    mov esp, boot_stack_top
    xor ebp, ebp                ; the last frame of every backtrace
    push dword 0
    popfd
    push ebx
    push eax
    call kmain
    ud2

; void gdt_load(const void *pseudo_descriptor, uint32_t code, uint32_t data, uint32_t task)
gdt_load:
    mov eax, [esp + 4]
    lgdt [eax]
    mov eax, [esp + 12]
    mov ds, ax
    mov es, ax
    mov fs, ax
    mov gs, ax
    mov ss, ax
    mov eax, [esp + 16]
    ltr ax
    pop eax                     ; return address
    push dword [esp + 4]        ; code selector (its place before the pop was esp + 8)
    push eax
    retf

; Trap stubs for vectors 0 to 47, 16 bytes apart, so that the table of gates is arithmetic. Each
; leaves the same frame (struct trap_frame): vectors without an error code push a 0 in its place.
align 16
trap_stubs:
%assign vector 0
%rep 48
    align 16
%if vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21
%else
    push dword 0
%endif
    push dword vector
    jmp trap_common
%assign vector vector + 1
%endrep

VM_BYTE equ 32 + 8 + 8 + 2      ; of the flags, behind registers, vector, error code, EIP and CS
VM_BIT equ 2
EIP_BYTE equ 32 + 8            ; behind registers, vector and error code
DATA_SELECTOR equ 0x10          ; CPU_DATA_SELECTOR

trap_common:
    pushad
    cld
    test byte [esp + VM_BYTE], VM_BIT
    jz .flat
    mov ax, DATA_SELECTOR       ; out of virtual-8086 mode the processor brings none
    mov ds, ax
    mov es, ax
    xor ebp, ebp
.flat:
    mov eax, esp
    push dword [eax + EIP_BYTE] ; a frame as a call makes it: a backtrace goes on with what was
    push ebp                    ; interrupted
    mov ebp, esp
    push eax
    call trap_handle
    add esp, 12
    popad
    add esp, 8                  ; vector and error code
    iretd

; A double fault arrives through a task gate (the old stack may be what failed); everything that was
; is in the old task's segment, which C reads. If that returns, it changed where the old task goes
; on; the next double fault comes in behind the IRETD, which switches tasks.
extern double_fault_handle
double_fault_enter:
    call double_fault_handle
    add esp, 4                  ; the error code
    iretd
    jmp double_fault_enter

; int trap_guard_call(void (*routine)(void *), void *context)
; Calls routine(context). Returns 0 if that returns, or 1 if the trap handler came to the landing
; place instead: the saved stack pointer undoes whatever the routine had pushed. Calls nest.
trap_guard_call:
    push ebp
    mov ebp, esp
    push ebx
    push esi
    push edi
    push dword [guard_stack]
    mov [guard_stack], esp
    push dword [ebp + 12]
    call [ebp + 8]
    xor eax, eax
    jmp trap_guard_return
trap_guard_landing:
    mov eax, 1
trap_guard_return:
    mov esp, [guard_stack]
    pop dword [guard_stack]
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret

section .bss
alignb 4
guard_stack:
    resd 1

section .note.GNU-stack noalloc noexec nowrite progbits
