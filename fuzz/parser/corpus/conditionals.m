#if (1 << 3 | 0x10) > 17u && !defined(X) && __has_include(<a>) ? 'a' : -1
#define J(a, b...) a##b #b , ##b
J(x, y, "z") J() J(J(1,2))
#elif J
#else
#endif
#line 7 "q"
#pragma mend dialect(mango)
#undef J
_Pragma("x") __COUNTER__ __LINE__ __FILE__
