/* SPDX-License-Identifier: MIT */
/* Compiled with -DVECTORS=gcc or clang by that compiler. */
#include "vector_methods.h"

#include <string.h>

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

#ifdef __clang__
#define ENCODED(text)     ""
#define ENCODED_IN(text)  "{s=}"
#define ENCODED_INT(text) "{s=i}"
#else
#define ENCODED(text)     text
#define ENCODED_IN(text)  "{s=" text "}"
#define ENCODED_INT(text) "{s=i" text "}"
#endif
#ifdef __x86_64__
#define AVX __attribute__((target("avx")))
#else
#define AVX
#endif
#define PLAIN

/* X(name, encoding, bytes, widest vector, attributes, type) */
#define ALL                                                                                                  \
    X(four, ENCODED("![4,4c]"), 4, 4, PLAIN, typedef signed char four __attribute__((vector_size(4))))       \
    X(eight, ENCODED("![8,8f]"), 8, 8, PLAIN, typedef float eight __attribute__((vector_size(8))))           \
    X(floats, ENCODED("![16,16f]"), 16, 16, PLAIN, typedef float floats __attribute__((vector_size(16))))    \
    X(ints, ENCODED("![16,16i]"), 16, 16, PLAIN, typedef int ints __attribute__((vector_size(16))))          \
    X(wide, ENCODED("![32,32d]"), 32, 32, AVX, typedef double wide __attribute__((vector_size(32))))         \
    X(in_struct, ENCODED_IN("![16,16f]"), 16, 16, PLAIN,                                                     \
      typedef struct { float a __attribute__((vector_size(16))); } in_struct)                                \
    X(in_memory, ENCODED_INT("![16,16f]"), 32, 16, PLAIN,                                                    \
      typedef struct { int a, unused[3]; float b __attribute__((vector_size(16))); } in_memory)              \
    X(wide_in_struct, ENCODED_IN("![32,32d]"), 32, 32, AVX,                                                  \
      typedef struct { double a __attribute__((vector_size(32))); } wide_in_struct)

static unsigned char seen[64];
static int right;

/* clang-format off */
#define X(name, encoding, length, widest, attributes, ...)                                                    \
    __VA_ARGS__;                                                                                             \
    typedef name name##_method(void *, void *, int, name, double, name);                                     \
    static attributes __attribute__((noinline)) name name##_code(void *self, void *cmd, int a, name v, double b, name w) \
    {                                                                                                        \
        memcpy(seen, &v, sizeof v);                                                                          \
        right = self && cmd && a == 11 && b == 2.5;                                                          \
        return w;                                                                                            \
    }                                                                                                        \
    static attributes int name##_send(void (*code)(void), void *self, void *cmd, unsigned seed)              \
    {                                                                                                        \
        union { unsigned char bytes[64]; name value; } v, w, r;                                              \
        for (unsigned i = 0; i < sizeof v.bytes; i++) {                                                      \
            v.bytes[i] = (unsigned char)(seed = seed * 1103515245 + 12345) >> 1 | 1;                         \
            w.bytes[i] = (unsigned char)(seed >> 16);                                                        \
        }                                                                                                    \
        right = 0;                                                                                           \
        r.value = ((name##_method *)code)(self, cmd, 11, v.value, 2.5, w.value);                             \
        return right && memcmp(seen, v.bytes, sizeof(name)) == 0 && memcmp(r.bytes, w.bytes, sizeof(name)) == 0; \
    }
ALL
#undef X

const struct vector_method JOIN(VECTORS, _vectors)[] = {
#define X(name, encoding, length, widest, attributes, ...)                                                    \
    {#name, encoding, length, widest, (void (*)(void))name##_code, name##_send},
    ALL
#undef X
    {0}};
