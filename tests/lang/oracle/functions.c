// SPDX-License-Identifier: MIT
/*
 * Functions of two numbers, compiled by gcc and by the patch compiler from this same text; test_oracle.m compares them.
 * Named by the type of their parameters: oracle_TYPE_NUMBER.
 */
long oracle_int_0(int a, int b) { return a + b; }
long oracle_int_1(int a, int b) { return a - b; }
long oracle_int_2(int a, int b) { return a * b; }
long oracle_int_3(int a, int b) { return b ? a / b : 1; }
long oracle_int_4(int a, int b) { return b ? a % b : 2; }
long oracle_int_5(int a, int b) { return a & b; }
long oracle_int_6(int a, int b) { return a | b; }
long oracle_int_7(int a, int b) { return a ^ b; }
long oracle_int_8(int a, int b) { return ~a; }
long oracle_int_9(int a, int b) { return -a; }
long oracle_int_10(int a, int b) { return a << (b & 31); }
long oracle_int_11(int a, int b) { return a >> (b & 31); }
long oracle_int_12(int a, int b) { return a < b; }
long oracle_int_13(int a, int b) { return a <= b; }
long oracle_int_14(int a, int b) { return a > b; }
long oracle_int_15(int a, int b) { return a >= b; }
long oracle_int_16(int a, int b) { return a == b; }
long oracle_int_17(int a, int b) { return a != b; }
long oracle_int_18(int a, int b) { return !a; }
long oracle_int_19(int a, int b) { return a && b; }
long oracle_int_20(int a, int b) { return a || b; }
long oracle_int_21(int a, int b) { return a ? b : 7; }
long oracle_int_22(int a, int b) { return a ?: b; }
long oracle_int_23(int a, int b) { return (char)a; }
long oracle_int_24(int a, int b) { return (unsigned char)a; }
long oracle_int_25(int a, int b) { return (short)(a + b); }
long oracle_int_26(int a, int b) { return (unsigned short)a; }
long oracle_int_27(int a, int b) { return (unsigned)a; }
long oracle_int_28(int a, int b) { return (long)a * b; }
long oracle_int_29(int a, int b) { return (unsigned)a / 3; }
long oracle_int_30(int a, int b) { return a / 7 + b % 5; }
double oracle_int_31(int a, int b) { return (float)a; }
double oracle_int_32(int a, int b) { return a + 0.5 * b; }
long oracle_int_33(int a, int b) { return (a > b ? 1u : -1) > 0; }
long oracle_int_34(int a, int b) { return -a - ~b; }
long oracle_int_35(int a, int b) { return a * 3 - b * 5; }
long oracle_int_36(int a, int b) { return (a, b); }
long oracle_int_37(int a, int b) { return (a + 1u) < b; }
long oracle_int_38(int a, int b) { return (a & 0xff) << 8; }
long oracle_int_39(int a, int b) { return (long double)a / 3 > b; }
double oracle_int_40(int a, int b) { return a * 1.5f + b; }
long oracle_short_0(short a, short b) { return a + b; }
long oracle_short_1(short a, short b) { return a * b; }
long oracle_short_2(short a, short b) { return a << 3; }
long oracle_short_3(short a, short b) { return -a; }
long oracle_short_4(short a, short b) { return (a > b) - (a < b); }
long oracle_short_5(short a, short b) { return a++ + b; }
long oracle_short_6(short a, short b) { return a += b, a; }
long oracle_short_7(short a, short b) { return (char)(a - b); }
long oracle_uchar_0(unsigned char a, unsigned char b) { return a + b; }
long oracle_uchar_1(unsigned char a, unsigned char b) { return a - b; }
long oracle_uchar_2(unsigned char a, unsigned char b) { return ~a; }
long oracle_uchar_3(unsigned char a, unsigned char b) { return a << 4; }
long oracle_uchar_4(unsigned char a, unsigned char b) { return a -= b, a; }
long oracle_uchar_5(unsigned char a, unsigned char b) { return a++, a; }
long oracle_uchar_6(unsigned char a, unsigned char b) { return a / (b | 1); }
long oracle_uchar_7(unsigned char a, unsigned char b) { return a > b; }
long oracle_long_0(long a, long b) { return a + b; }
long oracle_long_1(long a, long b) { return a - b; }
long oracle_long_2(long a, long b) { return a * b; }
long oracle_long_3(long a, long b) { return b ? a / b : 1; }
long oracle_long_4(long a, long b) { return b ? a % b : 2; }
long oracle_long_5(long a, long b) { return a << (b & 63); }
long oracle_long_6(long a, long b) { return a >> (b & 63); }
long oracle_long_7(long a, long b) { return a < b; }
long oracle_long_8(long a, long b) { return a == b; }
long oracle_long_9(long a, long b) { return (int)a; }
double oracle_long_10(long a, long b) { return (double)a; }
long oracle_long_11(long a, long b) { return a & ~b; }
long oracle_long_12(long a, long b) { return (unsigned long)a > (unsigned long)b; }
long oracle_long_13(long a, long b) { return a % 1000 * 3; }
long oracle_long_14(long a, long b) { return (unsigned)a + b; }
long oracle_uint_0(unsigned a, unsigned b) { return a + b; }
long oracle_uint_1(unsigned a, unsigned b) { return a - b; }
long oracle_uint_2(unsigned a, unsigned b) { return a * b; }
long oracle_uint_3(unsigned a, unsigned b) { return b ? a / b : 1; }
long oracle_uint_4(unsigned a, unsigned b) { return b ? a % b : 2; }
long oracle_uint_5(unsigned a, unsigned b) { return a >> (b & 31); }
long oracle_uint_6(unsigned a, unsigned b) { return a << (b & 31); }
long oracle_uint_7(unsigned a, unsigned b) { return a < b; }
long oracle_uint_8(unsigned a, unsigned b) { return a > 5; }
long oracle_uint_9(unsigned a, unsigned b) { return -a; }
long oracle_uint_10(unsigned a, unsigned b) { return ~a; }
long oracle_uint_11(unsigned a, unsigned b) { return (int)a; }
long oracle_uint_12(unsigned a, unsigned b) { return (long)a - b; }
double oracle_uint_13(unsigned a, unsigned b) { return (float)a; }
long oracle_uint_14(unsigned a, unsigned b) { return a / 10; }
long oracle_uint_15(unsigned a, unsigned b) { return a % 10; }
double oracle_uint_16(unsigned a, unsigned b) { return (double)a * b; }
unsigned long oracle_ulong_0(unsigned long a, unsigned long b) { return a + b; }
unsigned long oracle_ulong_1(unsigned long a, unsigned long b) { return a - b; }
unsigned long oracle_ulong_2(unsigned long a, unsigned long b) { return a * b; }
unsigned long oracle_ulong_3(unsigned long a, unsigned long b) { return b ? a / b : 1; }
unsigned long oracle_ulong_4(unsigned long a, unsigned long b) { return b ? a % b : 2; }
unsigned long oracle_ulong_5(unsigned long a, unsigned long b) { return a >> (b & 63); }
unsigned long oracle_ulong_6(unsigned long a, unsigned long b) { return a < b; }
unsigned long oracle_ulong_7(unsigned long a, unsigned long b) { return a >= b; }
double oracle_ulong_8(unsigned long a, unsigned long b) { return (double)a; }
double oracle_ulong_9(unsigned long a, unsigned long b) { return (float)a; }
unsigned long oracle_ulong_10(unsigned long a, unsigned long b) { return a / 10; }
unsigned long oracle_ulong_11(unsigned long a, unsigned long b) { return (long)a < (long)b; }
double oracle_double_0(double a, double b) { return a + b; }
double oracle_double_1(double a, double b) { return a - b; }
double oracle_double_2(double a, double b) { return a * b; }
double oracle_double_3(double a, double b) { return a / b; }
double oracle_double_4(double a, double b) { return a < b; }
double oracle_double_5(double a, double b) { return a <= b; }
double oracle_double_6(double a, double b) { return a > b; }
double oracle_double_7(double a, double b) { return a >= b; }
double oracle_double_8(double a, double b) { return a == b; }
double oracle_double_9(double a, double b) { return a != b; }
double oracle_double_10(double a, double b) { return !a; }
double oracle_double_11(double a, double b) { return a && b; }
double oracle_double_12(double a, double b) { return -a; }
double oracle_double_13(double a, double b) { return (float)a; }
double oracle_double_14(double a, double b) { return (float)a + (float)b; }
double oracle_double_15(double a, double b) { return a > 0 ? a : b; }
double oracle_double_16(double a, double b) { return a * a + b * b; }
double oracle_double_17(double a, double b) { return (long double)a * b; }
double oracle_double_18(double a, double b) { return a += b, a *= 2, a; }
double oracle_double_19(double a, double b) { return !(a < b); }
double oracle_double_20(double a, double b) { return a ?: b; }
long oracle_body_0(int a, int b) { int s = 0; for (int i = 0; i < (a & 63); i++) s += i * b; return s; }
long oracle_body_1(int a, int b) { int s = 0; while (a) { s += a & 1; a = (unsigned)a >> 1; } return s + b; }
long oracle_body_2(int a, int b) { int v[4] = {1, 2, 3, 4}, s = 0; for (int i = 0; i < 4; i++) s = s * 10 + v[i] * (a & 3); return s - b; }
long oracle_body_3(int a, int b) { switch (a & 7) { case 0: a = 5; case 1: a += 2; break; case 2 ... 4: a = b; break; default: a--; } return a; }
long oracle_body_4(long a, long b) { long x = 0; do { x += a % 7; a /= 2; } while (a > 0); return x ^ b; }
long oracle_body_5(int a, int b) { struct { char c; int i; short s; } t = {a, b, a + b}, u = t; u.c++; return t.c + u.c * 3 + u.i + u.s; }
long oracle_body_6(int a, int b) { int *p = &a; *p += b; p = &b; (*p)++; return a - b; }
long oracle_body_7(int a, int b) { union { int i; unsigned char c[4]; } u; u.i = a; return u.c[1] * 256 + u.c[3] + b; }
long oracle_body_8(unsigned a, unsigned b) { unsigned h = 2166136261u; for (int i = 0; i < 32; i += 8) h = (h ^ (a >> i & 255)) * 16777619u; return h + b; }
double oracle_body_9(double a, double b) { double x = a > 0 ? a : -a, r = 1; for (int i = 0; i < 20; i++) r = (r + x / r) / 2; return r + b; }
long oracle_body_10(int a, int b) { int n = 0; for (int i = 2; i < 40; i++) { int j; for (j = 2; j * j <= i; j++) if (i % j == 0) break; if (j * j > i) n++; } return n + a - b; }
long oracle_body_11(short a, short b) { short x = a; x <<= 2; x ^= b; x %= 100; return x; }
long oracle_body_12(int a, int b) { char t[8] = "oracle"; int s = 0; for (char *p = t; *p; p++) s += *p; return s + (a == b); }
