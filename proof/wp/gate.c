/* False goals: WP must prove none of them, or what it says of the others is worth nothing. */

/*@ assigns \nothing;
    ensures \result == a + b + 1; */
unsigned add(unsigned char a, unsigned char b)
{
    return (unsigned)a + b;
}

/*@ assigns \nothing; */
int divide(int a, int b)
{
    return b < 0 ? 0 : a / b;
}

/*@ assigns \nothing;
    ensures \result == 10; */
int count(void)
{
    int i = 0;
    /*@ loop invariant i < 10;
        loop assigns i; */
    while (i < 10)
        i++;
    return i;
}

/*@ requires b != 0;
    assigns \nothing; */
static int divide_well(int a, int b)
{
    return b == -1 ? 0 : a / b;
}

/*@ assigns \nothing; */
int call(int b)
{
    return divide_well(1, b);
}

/*@ assigns \nothing; */
void turn(unsigned n)
{
    /*@ loop assigns n;
        loop variant n; */
    while (n > 0)
        n ^= 1;
}
