/*
 * NT's counted strings, of 16 and of 8 bits. They lie in the driver's memory, and nothing is kept
 * of them here: a fault in one of these functions is its caller's.
 */
#include "crt.h"
#include "drivers/videoport/include/wdm.h"
#include "kernel/lib/string.h"

#define BYTES_MAX 0xFFFFu /* that a length can say */
#define STRING_TAG 0x52545374u

/* As many whole characters of these bytes as a string can have. */
static USHORT clamp(size_t size_bytes, size_t character_bytes)
{
    return (USHORT)(size_bytes <= BYTES_MAX - character_bytes
                        ? size_bytes
                        : BYTES_MAX + 1 - 2 * character_bytes);
}

VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
    USHORT length =
        SourceString == NULL ? 0 : clamp(crt_wcslen(SourceString) * sizeof(WCHAR), sizeof(WCHAR));
    *DestinationString =
        (UNICODE_STRING){length, SourceString == NULL ? 0 : (USHORT)(length + sizeof(WCHAR)),
                         (PWSTR)(uintptr_t)SourceString};
}

VOID NTAPI RtlInitAnsiString(PANSI_STRING DestinationString, PCSTR SourceString)
{
    USHORT length = SourceString == NULL ? 0 : clamp(strlen(SourceString), 1);
    *DestinationString = (ANSI_STRING){length, SourceString == NULL ? 0 : (USHORT)(length + 1),
                                       (PCHAR)(uintptr_t)SourceString};
}

static WCHAR fold(WCHAR character, BOOLEAN is_folded)
{
    return is_folded && character >= 'a' && character <= 'z' ? (WCHAR)(character - 'a' + 'A')
                                                             : character;
}

LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                   BOOLEAN CaseInSensitive)
{
    size_t length1 = String1->Length / sizeof(WCHAR);
    size_t length2 = String2->Length / sizeof(WCHAR);
    for (size_t i = 0; i < length1 && i < length2; i++) {
        LONG difference =
            fold(String1->Buffer[i], CaseInSensitive) - fold(String2->Buffer[i], CaseInSensitive);
        if (difference != 0)
            return difference;
    }
    return (LONG)length1 - (LONG)length2;
}

BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                    BOOLEAN CaseInSensitive)
{
    return RtlCompareUnicodeString(String1, String2, CaseInSensitive) == 0;
}

/* ---- copies ---------------------------------------------------------------------------------- */

/* Appends to the Length bytes that are there, and a zero if there is room. */
static NTSTATUS append(PUNICODE_STRING to, const WCHAR *from, size_t size_bytes)
{
    if (size_bytes > (size_t)to->MaximumLength - to->Length)
        return STATUS_BUFFER_TOO_SMALL;
    memmove((PUCHAR)to->Buffer + to->Length, from, size_bytes);
    to->Length = (USHORT)(to->Length + size_bytes);
    if (to->Length + sizeof(WCHAR) <= to->MaximumLength)
        to->Buffer[to->Length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString)
{
    USHORT length = SourceString == NULL ? 0 : SourceString->Length;
    DestinationString->Length = 0;
    if (length > DestinationString->MaximumLength)
        length = DestinationString->MaximumLength;
    if (length != 0)
        append(DestinationString, SourceString->Buffer, length);
}

NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source)
{
    return append(Destination, Source->Buffer, Source->Length);
}

NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source)
{
    return Source == NULL ? STATUS_SUCCESS
                          : append(Destination, Source, crt_wcslen(Source) * sizeof(WCHAR));
}

/* ---- between 16 and 8 bits ------------------------------------------------------------------- */

/* The buffer for so many bytes with a zero, in *buffer: new if is_new, else the one of
   *maximum_bytes that is there. */
static NTSTATUS find_room(size_t size_bytes, BOOLEAN is_new, USHORT *maximum_bytes, void **buffer)
{
    if (size_bytes > BYTES_MAX)
        return STATUS_INVALID_PARAMETER_2;
    if (!is_new)
        return size_bytes <= *maximum_bytes ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
    *buffer = ExAllocatePoolWithTag(PagedPool, size_bytes, STRING_TAG);
    *maximum_bytes = (USHORT)size_bytes;
    return *buffer == NULL ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING DestinationString,
                                            CONST ANSI_STRING *SourceString,
                                            BOOLEAN AllocateDestinationString)
{
    size_t length = SourceString->Length;
    void *buffer = DestinationString->Buffer;
    NTSTATUS status = find_room((length + 1) * sizeof(WCHAR), AllocateDestinationString,
                                &DestinationString->MaximumLength, &buffer);
    if (status != STATUS_SUCCESS)
        return status;
    DestinationString->Buffer = buffer;
    DestinationString->Length = (USHORT)(length * sizeof(WCHAR));
    for (size_t i = 0; i < length; i++)
        DestinationString->Buffer[i] = (UCHAR)SourceString->Buffer[i];
    DestinationString->Buffer[length] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING DestinationString,
                                            PCUNICODE_STRING SourceString,
                                            BOOLEAN AllocateDestinationString)
{
    size_t length = SourceString->Length / sizeof(WCHAR);
    void *buffer = DestinationString->Buffer;
    NTSTATUS status = find_room(length + 1, AllocateDestinationString,
                                &DestinationString->MaximumLength, &buffer);
    if (status != STATUS_SUCCESS)
        return status;
    DestinationString->Buffer = buffer;
    DestinationString->Length = (USHORT)length;
    for (size_t i = 0; i < length; i++) {
        WCHAR character = SourceString->Buffer[i];
        DestinationString->Buffer[i] = character <= 0xFF ? (CHAR)character : '?';
    }
    DestinationString->Buffer[length] = '\0';
    return STATUS_SUCCESS;
}

VOID NTAPI RtlFreeUnicodeString(PUNICODE_STRING UnicodeString)
{
    if (UnicodeString->Buffer != NULL)
        ExFreePoolWithTag(UnicodeString->Buffer, STRING_TAG);
    *UnicodeString = (UNICODE_STRING){.Buffer = NULL};
}

VOID NTAPI RtlFreeAnsiString(PANSI_STRING AnsiString)
{
    if (AnsiString->Buffer != NULL)
        ExFreePoolWithTag(AnsiString->Buffer, STRING_TAG);
    *AnsiString = (ANSI_STRING){.Buffer = NULL};
}
