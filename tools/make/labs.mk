# The labs: a judge for each, and what is linked to a submission.

# What is linked to a student's file, or to a solution: on the host and in the kernel.
LAB_PARTS := $(sort $(wildcard tests/labs/*.c tests/labs/runner/*.c))
LAB_KERNEL_PARTS := $(sort $(wildcard tests/labs/kernel/*.c tests/labs/judge.c tests/labs/contract_*.c \
	tests/labs/allocator_*.c))
LAB_JUDGES := $(patsubst tests/labs/grade_%.c,$(BUILD)/labs/judge_%,$(wildcard tests/labs/grade_*.c))
LAB_HOST := $(LAB_PARTS:%=$(BUILD)/host64/%.o) $(BUILD)/host64/libpure.a $(LAB_JUDGES)
LAB_KERNEL := $(LAB_KERNEL_PARTS:%=$(BUILD)/kernel/%.o) $(BUILD)/nameless.elf
LAB_ENVIRONMENT = LAB_HOST_CC="$(HOST_CC) $(SANITIZED) $(STRICT) -std=c11 -g" LAB_HOST_OBJECTS=$(BUILD)/host64 LAB_JUDGES=$(BUILD)/labs \
	LAB_KERNEL_CC="$(CROSS) $(filter-out -W% -MMD -MP -I. $(REPRODUCIBLE),$(KERNEL_CFLAGS))" LAB_KERNEL_OBJECTS=$(BUILD)/kernel \
	LAB_KERNEL_LD="$(CROSS) $(KERNEL_LDFLAGS) -T linker.ld $(KERNEL_OBJECTS) $(BUILD)/symbols-none.o"

# What is, or could be, handed in for a lab: its start, a student's file, the solution, wrong answers.
LABS := $(sort $(wildcard docs/labs/*-*))
lab_number = $(firstword $(subst -, ,$(notdir $(1))))
lab_files = $(wildcard $(1)/*.c docs/labs/solutions/$(lab_number).c tests/labs/wrong/$(lab_number)-*.c)

# A judge knows the rules of one lab. No student's code is ever in it.
$(BUILD)/labs/judge_%: $(patsubst %,$(BUILD)/host64/tests/labs/%.c.o,grader shrink student watch crash grade_%) \
		$(BUILD)/host64/libpure.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(HOST_CC) $(SANITIZED) $(filter %.o,$^) $(filter %.a,$^) -o $@

$(patsubst %,$(BUILD)/labs/judge_%,2 3 4 5): $(BUILD)/labs/judge_%: $(BUILD)/host64/tests/labs/frames.c.o \
	$(BUILD)/host64/tests/labs/judge.c.o $(BUILD)/host64/tests/labs/contract_%.c.o

# The name of a file that somebody handed in is no command: neither of make's nor of the shell's.
unexport FILE
LAB_FILE = '$(subst ','\'',$(value FILE))'

-include $(LAB_PARTS:%=$(BUILD)/host64/%.d) $(LAB_KERNEL_PARTS:%=$(BUILD)/kernel/%.d)
