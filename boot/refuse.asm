; The end of a boot that cannot go on and has neither stack nor C: one sentence on screen and COM1.

bits 32

global refuse

SCREEN equ 0xB8000
WHITE_ON_RED equ 0x4F
COM1 equ 0x3F8
LINE_STATUS equ COM1 + 5
CAN_SEND equ 0x20
TRIES equ 0x20000               ; port reads of about 1 us

section .text

; The sentence is [ESI, EBP). Does not return. Runs wherever it is copied to: jumps are relative.
refuse:
    mov edi, SCREEN
    mov ah, WHITE_ON_RED
.character:
    lodsb
    stosw
    mov bl, al
    mov dx, LINE_STATUS
    mov ecx, TRIES
.wait:
    in al, dx
    test al, CAN_SEND
    loopz .wait
    mov al, bl
    mov dx, COM1
    out dx, al
    cmp esi, ebp
    jne .character
.stop:
    hlt
    jmp .stop

section .note.GNU-stack noalloc noexec nowrite progbits
