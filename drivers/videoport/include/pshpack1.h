/* Structures are packed to 1 byte from here to poppack.h. */

#ifdef __clang__
#pragma clang diagnostic ignored "-Wpragma-pack"
#endif
#pragma pack(push, 1)
