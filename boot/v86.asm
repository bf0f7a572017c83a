; Into virtual-8086 mode and out of it.

bits 32

global v86_run
global v86_leave

; Where 16-bit code begins, and what it finds in the registers (struct v86_state, kernel/bios/v86.c).
struc state
.eip    resd 1
.cs     resd 1
.eflags resd 1
.esp    resd 1
.ss     resd 1
.eax    resd 1                  ; from here on struct bios_registers (drivers/pc/bios_call.h)
.ebx    resd 1
.ecx    resd 1
.edx    resd 1
.esi    resd 1
.edi    resd 1
.ebp    resd 1
.ds     resw 1
.es     resw 1
endstruc

section .text

; void v86_run(const struct v86_state *state, uint32_t *trap_stack)
; Returns when a trap handler calls v86_leave. Traps find their stack below this call's.
v86_run:
    push ebp
    push ebx
    push esi
    push edi
    mov eax, [esp + 20]
    mov ecx, [esp + 24]
    mov [left_stack], esp
    mov [ecx], esp
    push dword 0                ; GS
    push dword 0                ; FS
    movzx edx, word [eax + state.ds]
    push edx
    movzx edx, word [eax + state.es]
    push edx
    push dword [eax + state.ss]
    push dword [eax + state.esp]
    push dword [eax + state.eflags]
    push dword [eax + state.cs]
    push dword [eax + state.eip]
    mov edi, [eax + state.edi]
    mov esi, [eax + state.esi]
    mov ebp, [eax + state.ebp]
    mov ebx, [eax + state.ebx]
    mov edx, [eax + state.edx]
    mov ecx, [eax + state.ecx]
    mov eax, [eax + state.eax]
    iretd

; _Noreturn void v86_leave(void): drops the trap's stack, and returns from v86_run, interrupts off.
v86_leave:
    mov esp, [left_stack]
    mov ax, ds                  ; the processor left FS and GS empty
    mov fs, ax
    mov gs, ax
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret

section .bss
alignb 4
left_stack:
    resd 1

section .note.GNU-stack noalloc noexec nowrite progbits
