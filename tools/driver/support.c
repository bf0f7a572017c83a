/*
 * What compilers call by themselves in a miniport that `make driver` builds, and no library has:
 * division of 64 bits, and what stands in a table of virtual functions where a class has none.
 * Compiled as the miniport is, so that both clean up the stack alike.
 */

typedef unsigned long long u64;
typedef long long s64;

u64 __udivmoddi4(u64 number, u64 divisor, u64 *rest);
u64 __udivdi3(u64 number, u64 divisor);
u64 __umoddi3(u64 number, u64 divisor);
s64 __divdi3(s64 number, s64 divisor);
s64 __moddi3(s64 number, s64 divisor);
s64 __divmoddi4(s64 number, s64 divisor, s64 *rest);
void __cxa_pure_virtual(void);
void _purecall(void);

/* By subtraction, a bit at a time. Division by zero traps, as that of 32 bits does. */
u64 __udivmoddi4(u64 number, u64 divisor, u64 *rest)
{
    u64 quotient = 0;
    u64 left = 0;
    int bit;
    if (divisor == 0)
        __builtin_trap();
    for (bit = 63; bit >= 0; bit--) {
        int is_long = (int)(left >> 63);
        left = left << 1 | (number >> bit & 1);
        if (is_long || left >= divisor) {
            left -= divisor;
            quotient |= 1ull << bit;
        }
    }
    if (rest)
        *rest = left;
    return quotient;
}

u64 __udivdi3(u64 number, u64 divisor)
{
    return __udivmoddi4(number, divisor, 0);
}

u64 __umoddi3(u64 number, u64 divisor)
{
    u64 rest;
    __udivmoddi4(number, divisor, &rest);
    return rest;
}

static u64 size_of(s64 number)
{
    return number < 0 ? -(u64)number : (u64)number;
}

s64 __divmoddi4(s64 number, s64 divisor, s64 *rest)
{
    u64 left;
    u64 quotient = __udivmoddi4(size_of(number), size_of(divisor), &left);
    *rest = (s64)(number < 0 ? -left : left);
    return (s64)((number < 0) != (divisor < 0) ? -quotient : quotient);
}

s64 __divdi3(s64 number, s64 divisor)
{
    s64 rest;
    return __divmoddi4(number, divisor, &rest);
}

s64 __moddi3(s64 number, s64 divisor)
{
    s64 rest;
    __divmoddi4(number, divisor, &rest);
    return rest;
}

void __cxa_pure_virtual(void)
{
    __builtin_trap();
}

void _purecall(void)
{
    __builtin_trap();
}
