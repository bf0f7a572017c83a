/* A false lemma: the contracts may use it, so its own row must fail. */

/*@ lemma all_are_even: \forall integer n; n % 2 == 0; */

/*@ assigns \nothing;
    ensures \result % 2 == 0; */
int half(int number)
{
    return number / 2;
}
