; A multiboot header, a stack, and what a C compiler may call in any freestanding program.

bits 32

extern kernel_main
global start
global memcpy
global memset

MAGIC equ 0x1BADB002
FLAGS equ 0x00000002            ; memory information, please (Multiboot 0.6.96, 3.1)

section .multiboot align=4
    dd MAGIC, FLAGS, -(MAGIC + FLAGS)

section .bss align=16
    resb 16384
stack_top:

section .text
start:                          ; EAX: magic, EBX: information, paging off (3.2)
    mov esp, stack_top
    push ebx
    push eax
    call kernel_main
    ud2

memcpy:                         ; void *memcpy(void *to, const void *from, size_t size_bytes)
    push esi
    push edi
    mov edi, [esp + 12]
    mov esi, [esp + 16]
    mov ecx, [esp + 20]
    mov eax, edi
    rep movsb
    pop edi
    pop esi
    ret

memset:                         ; void *memset(void *at, int byte, size_t size_bytes)
    push edi
    mov edi, [esp + 8]
    mov eax, [esp + 12]
    mov ecx, [esp + 16]
    rep stosb
    mov eax, [esp + 8]
    pop edi
    ret
