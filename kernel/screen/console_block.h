#ifndef KERNEL_CONSOLE_BLOCK_H
#define KERNEL_CONSOLE_BLOCK_H

/* Memory for the console's last thousands of lines. */

#define CONSOLE_BLOCK_OWNER "console"

/*
 * Takes a block, once, and keeps the console's text in it from now on: 256 KiB, or less where there
 * is little memory; none on a PC of 2 MiB, and none where there is no such block. Then the text
 * stays where it is. The block is never given back.
 */
void console_block_take(void);

#endif
