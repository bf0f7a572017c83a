; A careless boot loader, to try the kernel with: it puts the module that it was given, an ELF file
; whose place is [1 MiB, 2 MiB), into the first MiB, and starts it there with address line 20 off. It
; knows no memory map, and says that RAM reaches up to 16 MiB without a gap, whatever is there. Lies
; at 4 MiB itself, where the line makes no difference.

bits 32

MIB equ 0x100000
MAGIC equ 0x1BADB002
LOADED equ 0x2BADB002

INFO_MODULES equ 24             ; where the first module's entry is (Multiboot 0.6.96, 3.3)
ELF_ENTRY equ 24                ; System V ABI, ELF header and program header
ELF_HEADERS equ 28
ELF_HEADER_COUNT equ 44
PH_OFFSET equ 4
PH_PHYSICAL equ 12
PH_FILE_BYTES equ 16
PH_BYTES equ 32

SYSTEM_PORT_A equ 0x92

section .text

align 4
    dd MAGIC, 0, -MAGIC

global start
start:
    cld
    mov ebx, [ebx + INFO_MODULES]
    mov ebx, [ebx]              ; the file
    movzx edx, word [ebx + ELF_HEADER_COUNT]
    mov ebp, [ebx + ELF_HEADERS]
    add ebp, ebx
.segment:
    mov esi, [ebp + PH_OFFSET]
    add esi, ebx
    mov edi, [ebp + PH_PHYSICAL]
    sub edi, MIB
    jb .next                    ; a header that loads nothing
    mov ecx, [ebp + PH_FILE_BYTES]
    rep movsb
.next:
    add ebp, PH_BYTES
    dec edx
    jnz .segment
    mov ecx, [ebx + ELF_ENTRY]
    in al, SYSTEM_PORT_A
    and al, 0xFC
    out SYSTEM_PORT_A, al
    mov eax, LOADED
    mov ebx, information
    jmp ecx

align 4
information:
    dd 5                        ; memory, command line
    dd 640, 15 * 1024           ; KiB
    dd 0
    dd command_line
    times 25 dd 0
command_line:
    db "kernel/ashlar.elf video=text", 0

section .note.GNU-stack noalloc noexec nowrite progbits
