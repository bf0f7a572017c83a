# The kernel, and what is made of its objects: the images, the example, the drivers for tests.

ELF := $(BUILD)/ashlar.elf
ISO := $(BUILD)/ashlar.iso
BIOS_IMAGE := $(BUILD)/ashlar-bios.img
MAP := $(BUILD)/ashlar.map

# Of mm/, what only other kernels call: see docs/porting.md.
MM_UNUSED := $(patsubst %,mm/%.c,bands frame_set front many remove split)
KERNEL_FOLDERS := boot mm kernel kernel/* drivers/pc drivers/acpi drivers/video/* drivers/videoport/*
KERNEL_C := $(filter-out $(MM_UNUSED),$(sort $(wildcard $(KERNEL_FOLDERS:%=%/*.c))))
KERNEL_ASM := $(sort $(wildcard boot/*.asm))
GENERATED := font.c machines.c export_table.c version.c
KERNEL_OBJECTS := $(patsubst %,$(BUILD)/kernel/%.o,$(KERNEL_ASM) $(KERNEL_C) $(GENERATED))

$(BUILD)/kernel/%.c.o: %.c $(FLAGS) | setup
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CROSS) $(KERNEL_CFLAGS) -c $< -o $@

# What runs for each frame, pixel or interrupt, and what is measured, is compiled to be quick; all else
# to be small. What drivers call all the time is in access.c, what all call in string.c.
QUICK := $(filter-out mm/memmap.c,$(wildcard mm/*.c)) kernel/lib/string.c drivers/videoport/port/access.c \
	$(wildcard $(patsubst %,%/*.c,drivers/video/canvas drivers/video/adapter kernel/pc kernel/check))
$(patsubst %,$(BUILD)/kernel/%.o,$(filter-out $(QUICK),$(KERNEL_C))): KERNEL_CFLAGS += -Os

$(GENERATED:%=$(BUILD)/kernel/%.o): $(BUILD)/kernel/%.o: $(BUILD)/% $(FLAGS)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CROSS) $(KERNEL_CFLAGS) -c $< -o $@

$(BUILD)/kernel/%.asm.o: %.asm | setup
	@mkdir -p $(@D)
	@echo "  NASM  $<"
	@nasm -f elf32 -Werror -MD $(@:.o=.d) -MT $@ -o $@ $<

$(BUILD)/font.c: tools/font.py | setup
	@mkdir -p $(@D)
	@echo "  FONT  $@"
	@python3 tools/font.py --output $@

$(BUILD)/machines.c: tools/machines.py kernel/machine/machines.txt $(wildcard tests/maps/maps/*.e820) | setup
	@mkdir -p $(@D)
	@echo "  MAPS  $@"
	@python3 tools/machines.py kernel/machine/machines.txt tests/maps/maps $@

NT_HEADERS := $(patsubst %,drivers/videoport/include/%.h,video wdm ioaccess) drivers/videoport/port/crt.h

$(BUILD)/export_table.c: tools/exports.py $(NT_HEADERS) | setup
	@mkdir -p $(@D)
	@python3 tools/exports.py $(NT_HEADERS) > $@

# The version stands in the file VERSION, and nowhere else.
VERSION := $(file <VERSION)

$(BUILD)/version.c: VERSION | setup
	@mkdir -p $(@D)
	@printf '#include "kernel/lib/version.h"\n\nconst char version_text[] = "ashlar %s";\n' "$(VERSION)" > $@

# Linked twice: the names of the functions are known after the first time. See tools/symbols.py.
$(BUILD)/symbols-none.asm: | setup
	@mkdir -p $(@D)
	@python3 tools/symbols.py < /dev/null > $@

$(BUILD)/symbols-all.asm: $(BUILD)/nameless.elf tools/symbols.py
	@$(NM) -n $< | python3 tools/symbols.py > $@

$(BUILD)/symbols-%.o: $(BUILD)/symbols-%.asm
	@nasm -f elf32 -o $@ $<

$(BUILD)/nameless.elf: $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o linker.ld $(BUILD)/rooms.checked
	@$(CROSS) $(KERNEL_LDFLAGS) -T linker.ld $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o -lgcc -o $@

$(ELF): $(BUILD)/nameless.elf $(BUILD)/symbols-all.o
	@echo "  LINK  $@"
	@$(CROSS) $(KERNEL_LDFLAGS) -T linker.ld -Wl,-Map=$(MAP) $(KERNEL_OBJECTS) $(BUILD)/symbols-all.o -lgcc -o $@

# Who may know whom: a room that includes or calls what it may not fails the build.
$(BUILD)/rooms.checked: tools/check_includes.py tools/rooms.txt $(KERNEL_OBJECTS) | setup
	@python3 tools/check_includes.py --calls
	@touch $@

-include $(KERNEL_OBJECTS:.o=.d)

# ---- the images --------------------------------------------------------------------------------

$(ISO): $(ELF) iso/grub.cfg tools/make_iso.sh VERSION
	@echo "  ISO   $@"
	@tools/make_iso.sh $(ELF) iso/grub.cfg "ashlar $(VERSION)" $@

$(BIOS_IMAGE): $(ELF) iso/grub.cfg tools/make_bios_image.py
	@echo "  IMAGE $@"
	@python3 tools/make_bios_image.py $(ELF) iso/grub.cfg $@

# ---- the example -------------------------------------------------------------------------------

# A kernel of its own around mm/, without the pool: see docs/porting.md.
EXAMPLE := $(BUILD)/example.elf
EXAMPLE_OBJECTS := $(BUILD)/kernel/tests/example/boot.asm.o \
	$(patsubst %,$(BUILD)/kernel/%.o,tests/example/kernel.c \
		$(filter-out mm/pool.c $(MM_UNUSED),$(sort $(wildcard mm/*.c))))

$(EXAMPLE): $(EXAMPLE_OBJECTS) tests/example/linker.ld
	@echo "  LINK  $@"
	@$(CROSS) $(KERNEL_LDFLAGS) -T tests/example/linker.ld \
		$(EXAMPLE_OBJECTS) -lgcc -o $@

-include $(EXAMPLE_OBJECTS:.o=.d)

# ---- a loader for the tests ----------------------------------------------------------------------

LOADER := $(BUILD)/a20_off.elf

$(LOADER): $(BUILD)/kernel/tests/loader/a20_off.asm.o
	@echo "  LINK  $@"
	@$(CROSS) -static -nostdlib -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-N -Wl,-Ttext=0x400000 -Wl,-estart $< -o $@
