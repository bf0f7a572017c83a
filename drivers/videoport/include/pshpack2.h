/* Structures are packed to 2 bytes from here to poppack.h. */

#ifdef __clang__
#pragma clang diagnostic ignored "-Wpragma-pack"
#endif
#pragma pack(push, 2)
