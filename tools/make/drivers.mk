# Miniports for the tests, which know only NT's headers.

DRIVERS := kit vesa taker
PROBES := taker mover imports modes planar
DRIVER_ELFS := $(DRIVERS:%=$(BUILD)/%.elf) $(BUILD)/kit-rtd.elf
DRIVER_BINARIES := $(patsubst %,$(BUILD)/drivers/%.sys,$(sort $(DRIVERS) $(PROBES))) $(BUILD)/drivers/kit-packed.sys
MINGW := i686-w64-mingw32-

$(BUILD)/linked/tests/drivers/%.o: tests/drivers/%.c $(FLAGS) | setup
	@mkdir -p $(@D)
	@$(CROSS) $(LINKED_CFLAGS) -c $< -o $@

$(BUILD)/linked/tests/drivers/%-rtd.o: tests/drivers/%.c $(FLAGS) | setup
	@mkdir -p $(@D)
	@$(CROSS) $(LINKED_CFLAGS) -mrtd -DNTAPI= -c $< -o $@

$(BUILD)/linked/%-entry.o: tests/drivers/linked.c kernel/video/drivers.h $(FLAGS) | setup
	@mkdir -p $(@D)
	@$(CROSS) $(KERNEL_CFLAGS) -DDRIVER_NAME='"$*"' -c $< -o $@

$(BUILD)/%.elf: $(BUILD)/linked/tests/drivers/%.o $(BUILD)/linked/%-entry.o $(BUILD)/nameless.elf
	@echo "  LINK  $@"
	@$(CROSS) $(KERNEL_LDFLAGS) -T linker.ld $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o \
		$(filter %.o,$^) -lgcc -o $@

# The undefined symbols of the table of exports are the import libraries' names, with the sizes of
# stdcall's and fastcall's arguments behind them.
$(BUILD)/drivers/export_table.o: $(BUILD)/export_table.c $(wildcard drivers/videoport/include/*.h) $(FLAGS)
	@mkdir -p $(@D)
	@$(MINGW)gcc -std=c11 -I. -ffreestanding -DKERNEL_VARIABLE=extern -c $< -o $@

LIBRARY_NAME_VIDEOPRT := VIDEOPRT.SYS
LIBRARY_NAME_NTOSKRNL := ntoskrnl.exe
LIBRARY_NAME_HAL := HAL.dll
IMPORT_LIBRARIES := $(patsubst %,$(BUILD)/drivers/lib%.a,VIDEOPRT NTOSKRNL HAL)

# An import library's names lose their sizes again: binaries ask for plain ones. dlltool leaves
# temporary files behind.
$(IMPORT_LIBRARIES): $(BUILD)/drivers/lib%.a: $(BUILD)/drivers/export_table.o tools/exports.py
	@$(MINGW)nm -u $< | python3 tools/exports.py --library $(LIBRARY_NAME_$*) > $(@:.a=.def)
	@TMPDIR=$(@D) $(MINGW)dlltool -k -d $(@:.a=.def) -l $@

SYS_LDFLAGS := -nostdlib -s -Wl,--subsystem,native -Wl,--image-base,0x10000 -Wl,--dynamicbase \
	-Wl,--enable-reloc-section
DRIVER_LDFLAGS := $(SYS_LDFLAGS) -Wl,--entry,_DriverEntry@8

$(BUILD)/drivers/%.sys: tests/drivers/%.c $(IMPORT_LIBRARIES)
	@echo "  SYS   $@"
	@$(MINGW)gcc $(DRIVER_CFLAGS) $(DRIVER_LDFLAGS) $< $(IMPORT_LIBRARIES) -o $@

# A BIOS for the tests.
DRIVER_BINARIES += $(BUILD)/drivers/moving_bios.rom

$(BUILD)/drivers/%.rom: tests/drivers/%.asm | setup
	@mkdir -p $(@D)
	@nasm -f bin -o $@ $<

# As NT's own linkers packed them: sections 32 bytes apart, in the file and in memory.
$(BUILD)/drivers/%-packed.sys: tests/drivers/%.c $(IMPORT_LIBRARIES)
	@echo "  SYS   $@"
	@$(MINGW)gcc $(DRIVER_CFLAGS) $(DRIVER_LDFLAGS) -Wl,--section-alignment,32 -Wl,--file-alignment,32 $< \
		$(IMPORT_LIBRARIES) -o $@

# They stay for who wants to link a driver by hand.
.SECONDARY: $(DRIVERS:%=$(BUILD)/linked/%-entry.o) $(DRIVERS:%=$(BUILD)/linked/tests/drivers/%.o) \
	$(patsubst %,$(BUILD)/linked/%,kit-rtd-entry.o tests/drivers/kit-rtd.o)

# ---- a driver of one's own -----------------------------------------------------------------------

PLAIN_LIBRARIES := $(IMPORT_LIBRARIES:.a=-plain.a)

# With -mrtd, the compiler names stdcall functions plainly.
$(PLAIN_LIBRARIES): $(BUILD)/drivers/lib%-plain.a: $(BUILD)/drivers/lib%.a
	@sed -E 's/^([^@]*)@[0-9]+/\1/' $(<:.a=.def) > $(@:.a=.def)
	@TMPDIR=$(@D) $(MINGW)dlltool -k -d $(@:.a=.def) -l $@

# Functions that old headers define without `static` are in several objects.
KIT_LINK := $(MINGW)gcc $(SYS_LDFLAGS) -Wl,--allow-multiple-definition

# They are make's: shells have variables of some of these names for other purposes.
$(foreach name,NAME SOURCES INCLUDE DEFINES,$(if $(filter environment,$(origin $(name))),$(eval $(name) :=)))

# What was asked for is looked at before anything is installed for it.
.PHONY: asked
asked:
	@! command -v python3 >/dev/null || python3 tools/driver/driver.py check $(MAKECMDGOALS)

ifneq ($(filter driver run-driver,$(MAKECMDGOALS)),)
setup: | asked
endif

CXX_SOURCES := $(filter %.cpp %.cc %.cxx %.CPP %.CC %.CXX,$(SOURCES))

BUILD_DRIVER := python3 tools/driver/driver.py build $(BUILD)/drivers "$(MINGW)gcc $(KIT_CFLAGS)" \
	"$(MINGW)g++ $(KIT_CXXFLAGS)" "$(KIT_LINK)" $(PLAIN_LIBRARIES) $(IMPORT_LIBRARIES)

# The tests' drivers that each stand for a kind are built as anybody's are.
$(PROBES:%=$(BUILD)/drivers/%.sys): $(BUILD)/drivers/%.sys: tests/drivers/%.c $(PLAIN_LIBRARIES)
	@NAME=$* SOURCES=$< INCLUDE= DEFINES= $(BUILD_DRIVER)
