; Is there memory up to the kernel's end? In a PC with less than 2 MiB the stack, which lies there,
; holds nothing, and the first return would go nowhere. Nothing here needs a stack.

bits 32

extern boot_extended
extern image_end
extern image_start
extern refuse

global extent_check

PATTERN equ 0x5AA55AA5

; Writes a value to the last word of the image, and jumps if another comes back. In between, other
; words go over the bus, or it might keep the value in place of memory.
%macro jump_if_lost 2
    mov dword [image_end - 4], %1
    mov ecx, [image_start]
    mov ecx, [image_start + 4]
    cmp dword [image_end - 4], %1
    jne %2
%endmacro

section .rodata
sentence:
    db "panic: Ashlar needs 2 MiB of memory; this PC has none where the kernel ends"
.end:

section .text

; Keeps EAX and EBX. Goes on at boot_extended, or ends in a sentence. The word is 0 as before: the
; last page holds zeros until C runs.
extent_check:
    jump_if_lost PATTERN, .none
    jump_if_lost ~PATTERN, .none
    mov dword [image_end - 4], 0
    jmp boot_extended
.none:
    mov esi, sentence
    mov ebp, sentence.end
    jmp refuse

section .note.GNU-stack noalloc noexec nowrite progbits
