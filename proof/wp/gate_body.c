/* A function that nobody defines, and that has no contract: nothing may be assumed of it. */

int answer(int question);

int ask(void)
{
    return answer(1) == answer(1);
}
