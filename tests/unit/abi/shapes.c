/* SPDX-License-Identifier: MIT */
/* The table of shapes. Compiled with -DSHAPES=gcc or clang. */
#include "shapes.h"

#include <string.h>

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define SEEN JOIN(SHAPES, _seen)

struct shape_seen SEEN;

/* clang-format off: one row a shape */
/* Structures of every size up to 64 bytes: of integers, floating numbers, and both, which decides where they travel. */
#define BYTES(n)   X(s_bytes##n, "{s=[" #n "c]}", typedef struct { char a[n]; } s_bytes##n)
#define INTS(n)    X(s_ints##n, "{s=[" #n "i]}", typedef struct { int a[n]; } s_ints##n)
#define LONGS(n)   X(s_longs##n, "{s=[" #n "q]}", typedef struct { long a[n]; } s_longs##n)
#define FLOATS(n)  X(s_floats##n, "{s=[" #n "f]}", typedef struct { float a[n]; } s_floats##n)
#define DOUBLES(n) X(s_doubles##n, "{s=[" #n "d]}", typedef struct { double a[n]; } s_doubles##n)
#define MIXED(n)                                                                                                  \
    X(s_mixed##n, "{s=f[" #n "c]}", typedef struct { float a; char b[n]; } s_mixed##n)                            \
    X(s_mixture##n, "{s=[" #n "c]d}", typedef struct { char a[n]; double b; } s_mixture##n)
#define UP_TO_7(S)  S(1) S(2) S(3) S(4) S(5) S(6) S(7)
#define UP_TO_8(S)  UP_TO_7(S) S(8)
#define UP_TO_16(S) UP_TO_8(S) S(9) S(10) S(11) S(12) S(13) S(14) S(15) S(16)
#define UP_TO_64(S)                                                                                               \
    UP_TO_16(S) S(17) S(18) S(19) S(20) S(21) S(22) S(23) S(24) S(25) S(26) S(27) S(28) S(29) S(30) S(31) S(32)   \
    S(33) S(34) S(35) S(36) S(37) S(38) S(39) S(40) S(41) S(42) S(43) S(44) S(45) S(46) S(47) S(48) S(49) S(50)   \
    S(51) S(52) S(53) S(54) S(55) S(56) S(57) S(58) S(59) S(60) S(61) S(62) S(63) S(64)
#define SIZES                                                                                                     \
    UP_TO_64(BYTES) UP_TO_16(INTS) UP_TO_8(LONGS) UP_TO_16(FLOATS) UP_TO_8(DOUBLES) UP_TO_7(MIXED)                \
    MIXED(8) MIXED(12) MIXED(16) MIXED(20) MIXED(24) MIXED(28) MIXED(32) MIXED(36) MIXED(40) MIXED(44) MIXED(48)  \
    MIXED(52) MIXED(56)

/* X(name, encoding, declaration of the type `name`), whose commas make it variadic */
#define ALL                                                                                                       \
    X(t_char, "c", typedef signed char t_char)                                                                    \
    X(t_uchar, "C", typedef unsigned char t_uchar)                                                                \
    X(t_short, "s", typedef short t_short)                                                                        \
    X(t_ushort, "S", typedef unsigned short t_ushort)                                                             \
    X(t_int, "i", typedef int t_int)                                                                              \
    X(t_bool, "B", typedef _Bool t_bool)                                                                          \
    X(t_long, "q", typedef long t_long)                                                                           \
    X(t_int128, "t", typedef __int128 t_int128)                                                                   \
    X(t_uint128, "T", typedef unsigned __int128 t_uint128)                                                        \
    X(t_float, "f", typedef float t_float)                                                                        \
    X(t_double, "d", typedef double t_double)                                                                     \
    X(t_ldouble, "D", typedef long double t_ldouble)                                                              \
    X(t_pointer, "^v", typedef void *t_pointer)                                                                   \
    X(t_cfloat, "jf", typedef _Complex float t_cfloat)                                                            \
    X(t_cdouble, "jd", typedef _Complex double t_cdouble)                                                         \
    X(t_cldouble, "jD", typedef _Complex long double t_cldouble)                                                  \
    X(t_cint, "ji", typedef _Complex int t_cint)                                                                  \
    X(t_cchar, "jc", typedef _Complex signed char t_cchar)                                                        \
    X(t_clong, "jq", typedef _Complex long t_clong)                                                               \
    X(s_c, "{s=c}", typedef struct { char a; } s_c)                                                               \
    X(s_c7, "{s=ci[2c]}", typedef struct { char a; int b; char c[2]; } s_c7)                                      \
    X(s_f, "{s=f}", typedef struct { float a; } s_f)                                                              \
    X(s_ff, "{s=ff}", typedef struct { float a, b; } s_ff)                                                        \
    X(s_fff, "{s=fff}", typedef struct { float a, b, c; } s_fff)                                                  \
    X(s_ffff, "{s=[4f]}", typedef struct { float a[4]; } s_ffff)                                                  \
    X(s_f5, "{s=[5f]}", typedef struct { float a[5]; } s_f5)                                                      \
    X(s_fi, "{s=fi}", typedef struct { float a; int b; } s_fi)                                                    \
    X(s_di, "{s=di}", typedef struct { double a; int b; } s_di)                                                   \
    X(s_id, "{s=id}", typedef struct { int a; double b; } s_id)                                                   \
    X(s_dd, "{s=dd}", typedef struct { double a, b; } s_dd)                                                       \
    X(s_qq, "{s=qq}", typedef struct { long a, b; } s_qq)                                                         \
    X(s_qqc, "{s=qqc}", typedef struct { long a, b; char c; } s_qqc)                                              \
    X(s_rect, "{r={p=dd}{s=dd}}", typedef struct { struct { double x, y; } p, s; } s_rect)                        \
    X(s_range, "{r=QQ}", typedef struct { unsigned long a, b; } s_range)                                          \
    X(s_D, "{s=D}", typedef struct { long double a; } s_D)                                                        \
    X(s_Dc, "{s=Dc}", typedef struct { long double a; char b; } s_Dc)                                             \
    X(s_t, "{s=t}", typedef struct { __int128 a; } s_t)                                                           \
    X(s_ct, "{s=ct}", typedef struct { char c; __int128 a; } s_ct)                                                \
    X(s_jf, "{s=jf}", typedef struct { _Complex float a; } s_jf)                                                  \
    X(s_fjff, "{s=fjff}", typedef struct { float a; _Complex float b; float c; } s_fjff)                          \
    X(s_jd, "{s=jd}", typedef struct { _Complex double a; } s_jd)                                                 \
    X(s_jD, "{s=jD}", typedef struct { _Complex long double a; } s_jD)                                            \
    X(s_empty, "{s=}", typedef struct { } s_empty)                                                                \
    X(s_emptyd, "{s={e=}d}", typedef struct { struct { } e; double d; } s_emptyd)                                 \
    X(s_empties, "{s=[4{e=}]}", typedef struct { struct { } e[4]; } s_empties)                                    \
    X(s_flex, "{s=i[0d]}", typedef struct { int a; double d[0]; } s_flex)                                         \
    X(s_bits, "{s=b0i3b3I5b8q40b48C1c}",                                                                          \
      typedef struct { int a : 3; unsigned b : 5; long long c : 40; unsigned char d : 1; char e; } s_bits)        \
    X(s_bitsd, "{s=b0q60d}", typedef struct { long a : 60; double d; } s_bitsd)                                   \
    X(s_dbits, "{s=db64I5}", typedef struct { double d; unsigned a : 5; } s_dbits)                                \
    X(s_fbits, "{s=fb32I5f}", typedef struct { float d; unsigned a : 5; float e; } s_fbits)                       \
    X(s_bits2, "{s=b0q33b33q31b64q2}", typedef struct { long a : 33; long b : 31; long c : 2; } s_bits2)          \
    X(s_cbits, "{s=cb8i9f}", typedef struct { char c; int a : 9; float f; } s_cbits)                              \
    X(u_id, "(u=id)", typedef union { int a; double b; } u_id)                                                    \
    X(u_df, "(u=df)", typedef union { double a; float b; } u_df)                                                  \
    X(u_fff, "(u=[3f]c)", typedef union { float a[3]; char c; } u_fff)                                            \
    X(u_ldd, "(u=Dd)", typedef union { long double a; double b; } u_ldd)                                          \
    X(u_ldi, "(u=Di)", typedef union { long double a; int b; } u_ldi)                                             \
    X(u_ld, "(u=D)", typedef union { long double a; } u_ld)                                                       \
    X(u_c17, "(u=[17c]q)", typedef union { char a[17]; long b; } u_c17)                                           \
    X(u_ddq, "(u=[2d]q)", typedef union { double a[2]; long b; } u_ddq)                                           \
    X(u_bits, "(u=b0I7d)", typedef union { unsigned a : 7; double d; } u_bits)                                    \
    X(s_cu, "{s=c(u=[3C][1s][3f])}",                                                                              \
      typedef struct { char c; union { unsigned char a[3]; short b; float f[3]; } u; } s_cu)                      \
    X(s_nest, "{s={a=c}{b=s{c=f}}}", typedef struct { struct { char a; } a; struct { short b; struct { float c; } c; } b; } s_nest) \
    X(s_arr, "{s=[2{p=fi}]}", typedef struct { struct { float x; int y; } p[2]; } s_arr)                          \
    X(s_arr2, "{s=[2[2f]]}", typedef struct { float p[2][2]; } s_arr2)                                            \
    X(s_dc, "{s=dc}", typedef struct { double a; char b; } s_dc)                                                  \
    X(s_cd, "{s=cd}", typedef struct { char a; double b; } s_cd)                                                  \
    X(s_ssss, "{s=ssss}", typedef struct { short a, b, c, d; } s_ssss)                                            \
    SIZES                                                                                                         \
    X(s_big, "{s=[900c]}", typedef struct { char a[900]; } s_big)

#define X(name, encoding, ...)                                                                                    \
    __VA_ARGS__;                                                                                                  \
    typedef name name##_few(int, name, double, name);                                                             \
    typedef name name##_many(long, long, long, long, double, double, double, double, double, double, name,        \
                             signed char, name);                                                                  \
    static __attribute__((noinline)) name name##_few_fn(int a, name v, double b, name w)                          \
    {                                                                                                             \
        memcpy(SEEN.v, &v, sizeof v);                                                                             \
        SEEN.right = a == 11 && b == 2.5;                                                                         \
        return w;                                                                                                 \
    }                                                                                                             \
    static __attribute__((noinline)) name name##_many_fn(long a, long b, long c, long d, double e, double f,      \
                                                         double g, double h, double i, double j, name v,          \
                                                         signed char k, name w)                                   \
    {                                                                                                             \
        memcpy(SEEN.v, &v, sizeof v);                                                                             \
        SEEN.right = a == 1 && b == 2 && c == 3 && d == 4 && e == 1 && f == 2 && g == 3 && h == 4 && i == 5 &&    \
                     j == 6 && k == -5;                                                                           \
        return w;                                                                                                 \
    }                                                                                                             \
    static void name##_send_few(void (*code)(void), const void *v, const void *w, void *result)                   \
    {                                                                                                             \
        name r = ((name##_few *)code)(11, *(const name *)v, 2.5, *(const name *)w);                               \
        memcpy(result, &r, sizeof r);                                                                             \
    }                                                                                                             \
    static void name##_send_many(void (*code)(void), const void *v, const void *w, void *result)                  \
    {                                                                                                             \
        name r = ((name##_many *)code)(1, 2, 3, 4, 1, 2, 3, 4, 5, 6, *(const name *)v, -5, *(const name *)w);     \
        memcpy(result, &r, sizeof r);                                                                             \
    }
ALL
#undef X

const struct shape JOIN(SHAPES, _shapes)[] = {
#define X(name, encoding, ...)                                                                                    \
    {#name, encoding, sizeof(name), _Alignof(name), (void (*)(void))name##_few_fn, (void (*)(void))name##_many_fn, \
     name##_send_few, name##_send_many},
    ALL
#undef X
    {0}};
