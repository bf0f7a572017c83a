# How each file is compiled, for editors and clang-tidy: a compiler with its flags, then its files.

HOW_COMPILED = "$(CROSS) $(KERNEL_CFLAGS)" $(KERNEL_C) $(MM_UNUSED) tests/example/kernel.c $(LAB_KERNEL_PARTS) \
	-- "$(CROSS) $(LINKED_CFLAGS)" $(patsubst %,tests/drivers/%.c,$(sort $(DRIVERS) $(PROBES))) \
	-- "$(CROSS) $(LINKED_CFLAGS)" $(wildcard tests/portable/nt/*.c) \
	-- "$(CROSS) $(KERNEL_CFLAGS) -DDRIVER_NAME='\"\"'" tests/drivers/linked.c \
	-- "$(CROSS) $(LINKED_CFLAGS)" $(wildcard tests/drivers/*.c) \
	-- "$(CROSS) $(LINKED_CFLAGS) -mrtd -Itests/drivers/plain/inc" $(wildcard tests/drivers/plain/*.c) tools/driver/support.c \
	-- "$(HOST_CC) $(BENCH_CFLAGS)" $(wildcard tests/bench/*.c) \
	-- "$(HOST_CC) -std=c11 -I. -Ikernel -Iproof/cbmc" $(wildcard proof/*/*.c) \
	$(foreach lab,$(LABS),-- "$(HOST_CC) -std=c11 -I. -I$(lab)" $(call lab_files,$(lab))) \
	-- "$(HOST_CC) $(HOST_CFLAGS) $(COSTLY)" tools/render_view.c \
	$(wildcard $(patsubst %,tests/%/*.c,host fuzz long portable labs labs/runner))
