# What compilers are given.

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
# The shell's name for this folder, because make would split one with blanks into words.
REPRODUCIBLE := -ffile-prefix-map="$$PWD"=.
CFLAGS := -std=c11 -O2 -g -I. $(WARNINGS) $(REPRODUCIBLE) -MMD -MP

# A compiler is asked for when the first file is compiled, since `make setup` may have to install it.
CROSS = $(eval CROSS := $$(shell tools/cross.sh))$(CROSS)
NM = $(patsubst %gcc,%nm,$(firstword $(CROSS)))
KERNEL_CFLAGS := $(CFLAGS) -ffreestanding -march=i486 -mgeneral-regs-only -fno-omit-frame-pointer \
	-fno-optimize-sibling-calls -freg-struct-return -fno-stack-protector -fno-pic -fno-asynchronous-unwind-tables
KERNEL_LDFLAGS := -static -nostdlib -no-pie -Wl,--build-id=sha1 -Wl,-z,noexecstack \
	-Wl,--no-warn-rwx-segments

# Miniports are compiled as NT's kit would: alone, or linked into a kernel.
DRIVER_CFLAGS := -std=c11 -O2 -ffreestanding -march=i486 -mgeneral-regs-only -fshort-wchar -DDBG=1 -Wall -Wextra \
	-Wno-multichar -Werror -Idrivers/videoport/include $(REPRODUCIBLE)
LINKED_CFLAGS := $(filter-out -W% -I.,$(KERNEL_CFLAGS)) $(DRIVER_CFLAGS)

# Sources that come from elsewhere, by `make driver`, whose script adds how functions are called. What
# was allowed when they were written is no error, and their warnings are for their authors. MSVC's words
# may begin with one '_' or two. The C library's functions are those of NT's kernel, which has neither
# mingw-w64's own ones for printing nor a swprintf that is told how long its text may be.
KIT_WORDS := -D_declspec=__declspec -D_int64=__int64
KIT_LIBRARY := -D__USE_MINGW_ANSI_STDIO=0 -D_INC_SWPRINTF_INL -D_swprintf=swprintf
KIT_FLAGS := -O2 -ffreestanding -march=i486 -mgeneral-regs-only -mno-stack-arg-probe -fno-omit-frame-pointer \
	-fshort-wchar -fms-extensions -fno-strict-aliasing -fwrapv -Wno-multichar $(KIT_WORDS) $(KIT_LIBRARY) \
	$(REPRODUCIBLE)
KIT_CFLAGS := -std=gnu11 -fgnu89-inline -fcommon $(KIT_FLAGS) \
	$(patsubst %,-Wno-error=%,implicit-function-declaration implicit-int incompatible-pointer-types int-conversion)
KIT_CXXFLAGS := -std=gnu++14 -fpermissive -fno-exceptions -fno-rtti -fno-threadsafe-statics -Wno-narrowing \
	$(KIT_FLAGS)

HOST_CC ?= gcc
# Functions and lines, which is what a sanitizer prints. With all symbols, compiling takes half as long again.
HOST_DEBUG ?= -g1
HOST_CFLAGS := $(filter-out -O2 -g,$(CFLAGS)) $(HOST_DEBUG) -Itests/host -fno-omit-frame-pointer
PLAIN_CFLAGS := $(filter-out -O2 -g $(REPRODUCIBLE),$(CFLAGS)) -Itests/host
SANITIZED := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
# GCC's stricter check of array bounds, also of arrays at a structure's end.
STRICT = $(eval STRICT := $$(if $$(findstring clang,$$(shell $(HOST_CC) --version)),,-fsanitize=bounds-strict))$(STRICT)
# The tests also ask what mm/'s functions ask of each other (mm/port.h); `make COSTLY=` does not.
COSTLY := -DMM_COSTLY
BENCH_CFLAGS := -std=c11 -O2 -I. $(WARNINGS)

# Objects depend on a file that is written anew when these flags change.
FLAGS := $(BUILD)/flags
FLAGS_NOW := $(filter-out $(REPRODUCIBLE),$(KERNEL_CFLAGS) $(DRIVER_CFLAGS) $(HOST_CFLAGS) $(SANITIZED) $(COSTLY))
ifneq ($(filter-out clean help,$(or $(MAKECMDGOALS),all)),)
ifneq ($(file <$(FLAGS)),$(FLAGS_NOW))
$(shell mkdir -p $(BUILD))
$(file >$(FLAGS),$(FLAGS_NOW))
endif
endif
