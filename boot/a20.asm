; Address line 20. With it off, as an 8086 had it, an address with bit 20 set means the one 1 MiB
; below. A multiboot loader turns it on (Multiboot 0.6.96, 3.2); one that forgets has put the kernel
; into the first MiB, and there it runs, whatever EIP says:
;
;            0                     1 MiB                   2 MiB
;     off    | kernel              | the same bytes again  |
;     on     | kernel              | whatever RAM holds    |
;
; Turned on, the line would pull the code from under itself. So it goes on in the lower place first,
; opens the line, copies the image up and comes back. Nothing here needs a stack.

bits 32

extern boot_start
extern image_start
extern bss_start
extern refuse
extern image_end

global a20_open
global a20_was_off

MIB equ 0x100000
STATUS equ 0x64                 ; of the keyboard controller, whose output port holds the gate
COMMAND equ 0x64
DATA equ 0x60
INPUT_FULL equ 2
WRITE_OUTPUT_PORT equ 0xD1
OUTPUT_PORT equ 0xDF            ; line 20 on, no reset, interrupts as they are on every PC
SYSTEM_PORT_A equ 0x92          ; PS/2 and later: the gate is bit 1, a reset bit 0
TRIES equ 0x20000               ; port reads of about 1 us

; The controller has taken what was written to it, or never will.
%macro wait_for_controller 0
    mov ecx, TRIES
%%again:
    in al, STATUS
    test al, INPUT_FULL
    loopnz %%again
%endmacro

; Jumps if the two places differ, now or after one of them was changed, within so many tries.
%macro jump_if_open 2
    mov ecx, %1
%%again:
    not dword [probe - MIB]
    mov eax, [probe - MIB]
    cmp eax, [probe]
    jne %2
    in al, STATUS               ; takes its time
    loop %%again
%endmacro

section .data
probe:
    dd 0xA20A20A2

section .rodata
sentence:
    db "panic: address line 20 is off and cannot be turned on, so that there is no memory above 1 MiB"
.end:

section .text

; Keeps EAX and EBX. Ends in boot_start with the line on, or in a sentence on screen and COM1.
a20_open:
    mov ebp, eax
    mov eax, [probe]
    cmp eax, [probe - MIB]
    jne .on
    not dword [probe]           ; ours, wherever it is: the lower place is left alone if it is another
    mov eax, [probe]
    cmp eax, [probe - MIB]
    jne .on
    mov eax, .low - MIB
    jmp eax
.on:
    mov eax, ebp
    jmp boot_start

.low:
    wait_for_controller
    mov al, WRITE_OUTPUT_PORT
    out COMMAND, al
    wait_for_controller
    mov al, OUTPUT_PORT
    out DATA, al
    wait_for_controller
    jump_if_open TRIES, .opened
    in al, SYSTEM_PORT_A
    or al, 2
    and al, 0xFE
    out SYSTEM_PORT_A, al
    jump_if_open TRIES, .opened
    jmp a20_refuse

.opened:
    mov esi, image_start
    sub esi, MIB
    mov edi, image_start
    mov ecx, bss_start
    sub ecx, edi
    shr ecx, 2
    rep movsd
    mov ecx, image_end
    sub ecx, edi
    shr ecx, 2
    xor eax, eax
    rep stosd
    inc byte [a20_was_off]
    mov eax, boot_start
    xchg eax, ebp
    jmp ebp

a20_refuse:                     ; in the lower place, as all of this
    mov esi, sentence - MIB
    mov ebp, sentence.end - MIB
    jmp refuse

section .bss
a20_was_off:                    ; bool
    resb 1

section .note.GNU-stack noalloc noexec nowrite progbits
