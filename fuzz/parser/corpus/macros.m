#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define NAME "x"
#if defined(MEND) && MEND > 0
int x = MAX(1, 2);
#else
int y;
#endif
