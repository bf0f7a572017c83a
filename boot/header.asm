; What a boot loader looks for in the first 8 KiB of the file: a Multiboot 1 header (specification
; 0.6.96, 3.1) and a Multiboot 2 header (specification 2.0, 3.1). Both say that the kernel knows what
; to do with text, and would rather have a framebuffer, of any kind. GRUB makes of that a value for
; gfxpayload, which a menu entry may set to something else behind the line that loads the kernel.

section .multiboot align=8

MULTIBOOT1_MAGIC    equ 0x1BADB002
MULTIBOOT1_FLAGS    equ 0x00000007      ; modules on page boundaries, memory information, video
VIDEO_LINEAR        equ 0
WIDTH               equ 1024
HEIGHT              equ 768
DEPTH               equ 32

align 4
    dd MULTIBOOT1_MAGIC
    dd MULTIBOOT1_FLAGS
    dd -(MULTIBOOT1_MAGIC + MULTIBOOT1_FLAGS)
    dd 0, 0, 0, 0, 0                    ; addresses, which an ELF file has by itself
    dd VIDEO_LINEAR, WIDTH, HEIGHT, DEPTH

MULTIBOOT2_MAGIC    equ 0xE85250D6
MULTIBOOT2_I386     equ 0
TAG_END             equ 0
TAG_REQUEST         equ 1
TAG_CONSOLE         equ 4
CONSOLE_TEXT        equ 2
TAG_FRAMEBUFFER     equ 5
TAG_MODULE_ALIGN    equ 6
TAG_OPTIONAL        equ 1

align 8
header2:
    dd MULTIBOOT2_MAGIC
    dd MULTIBOOT2_I386
    dd header2.end - header2
    dd 0x100000000 - (MULTIBOOT2_MAGIC + MULTIBOOT2_I386 + (header2.end - header2))
.request:
    dw TAG_REQUEST, TAG_OPTIONAL
    dd .request_end - .request
    dd 1, 3, 4, 6, 8, 14, 15    ; command line, modules, memory, map, framebuffer, ACPI roots
.request_end:
    align 8
    dw TAG_MODULE_ALIGN, TAG_OPTIONAL
    dd 8
    dw TAG_FRAMEBUFFER, TAG_OPTIONAL
    dd 20
    dd WIDTH, HEIGHT, DEPTH
    align 8
    dw TAG_CONSOLE, TAG_OPTIONAL
    dd 12
    dd CONSOLE_TEXT
    align 8
    dw TAG_END, 0
    dd 8
.end:
