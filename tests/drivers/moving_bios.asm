; An option ROM whose interrupt 10h asks the system BIOS for what some video BIOSes ask it for:
; AX=5F87h is interrupt 15h AH=87h, AX=5F88h is AH=88h; the carry flag comes back in BX. All else
; goes to the video BIOS. For `qemu-system-i386 -option-rom`; the last byte is the checksum's.

bits 16
org 0

    dw 0xAA55
    db 1                        ; of 512 bytes
    jmp near start

previous:
    dd 0                        ; the ROM can be written until the BIOS boots

start:
    push ds
    push eax
    xor ax, ax
    mov ds, ax
    mov eax, [4 * 0x10]
    mov [cs:previous], eax
    mov word [4 * 0x10], video
    mov [4 * 0x10 + 2], cs
    pop eax
    pop ds
    retf

video:
    cmp ax, 0x5F87
    je .system
    cmp ax, 0x5F88
    je .system
    jmp far [cs:previous]
.system:
    mov ah, al
    stc                         ; whoever answers must clear it
    int 0x15
    sbb bx, bx
    iret

    times 512 - ($ - $$) db 0
