/* Ends what the last of pshpack1.h to pshpack8.h began. */

#pragma pack(pop)
