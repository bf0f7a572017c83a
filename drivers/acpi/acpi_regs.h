#ifndef ACPI_REGS_H
#define ACPI_REGS_H

/* ACPI Specification 6.5: offsets within tables, and the bits of registers. */

/* Root pointer, 5.2.5.3 */
#define ACPI_ROOT_SIGNATURE "RSD PTR "
#define ACPI_ROOT_BYTES 20 /* of revision 0, and what its first sum covers */
#define ACPI_ROOT2_BYTES 36
#define ACPI_ROOT_OEM 9
#define ACPI_ROOT_REVISION 15
#define ACPI_ROOT_RSDT 16
#define ACPI_ROOT_LENGTH 20
#define ACPI_ROOT_XSDT 24

/* Where a BIOS leaves it: the first KiB of its data area, and its ROM, on 16 bytes, 5.2.5.1 */
#define ACPI_EBDA_SEGMENT 0x40E
#define ACPI_EBDA_BYTES 1024
#define ACPI_ROM_BASE 0xE0000
#define ACPI_ROM_END 0x100000
#define ACPI_ROOT_ALIGN 16

/* What every table begins with, 5.2.6 */
#define ACPI_TABLE_LENGTH 4
#define ACPI_TABLE_REVISION 8
#define ACPI_TABLE_HEADER_BYTES 36

/* Fixed description table, 5.2.9 */
#define ACPI_FADT_DSDT 40
#define ACPI_FADT_SMI_COMMAND 48
#define ACPI_FADT_ENABLE 52
#define ACPI_FADT_PM1_EVENT 56 /* a's; b's follows */
#define ACPI_FADT_PM1_CONTROL 64 /* likewise */
#define ACPI_FADT_FLAGS 112
#define ACPI_FADT_RESET 116
#define ACPI_FADT_RESET_VALUE 128
#define ACPI_FADT_X_DSDT 140
#define ACPI_FADT_X_PM1_EVENT 148
#define ACPI_FADT_X_PM1_CONTROL 172
#define ACPI_FADT_SLEEP_CONTROL 244
#define ACPI_FADT_SLEEP_STATUS 256
#define ACPI_FLAG_RESET (1u << 10)
#define ACPI_FLAG_REDUCED (1u << 20) /* sleep registers instead of PM1's */

/* Generic address, 5.2.3.2 */
#define ACPI_ADDRESS_SPACE 0
#define ACPI_ADDRESS_VALUE 4
#define ACPI_ADDRESS_BYTES 12

/* PM1 status and control registers, 4.8.3.1 and 4.8.3.2 */
#define ACPI_PM1_WAKE_STATUS (1u << 15)
#define ACPI_PM1_SCI_ENABLE (1u << 0)
#define ACPI_PM1_RELEASE (1u << 2) /* raises an SMI when written */
#define ACPI_PM1_SLEEP_TYPE_SHIFT 10
#define ACPI_PM1_SLEEP_TYPE (7u << ACPI_PM1_SLEEP_TYPE_SHIFT)
#define ACPI_PM1_SLEEP_ENABLE (1u << 13)

/* Sleep registers of reduced hardware, 4.8.3.7 */
#define ACPI_SLEEP_WAKE_STATUS (1u << 7)
#define ACPI_SLEEP_TYPE_SHIFT 2
#define ACPI_SLEEP_ENABLE (1u << 5)

/* AML, 20.2 */
#define AML_ZERO 0x00
#define AML_ONE 0x01
#define AML_NAME 0x08
#define AML_BYTE 0x0A
#define AML_WORD 0x0B
#define AML_DWORD 0x0C
#define AML_QWORD 0x0E
#define AML_PACKAGE 0x12
#define AML_VARIABLE_PACKAGE 0x13
#define AML_ROOT '\\'
#define AML_PARENT '^'
#define AML_ONES 0xFF

#endif
