/* SPDX-License-Identifier: MIT */
/* Methods with vectors as arguments and results, as gcc and clang compile and encode them. */
#ifndef MN_TESTS_VECTOR_METHODS_H
#define MN_TESTS_VECTOR_METHODS_H

struct vector_method {
    const char *name;
    const char *type; /* as that compiler encodes it */
    unsigned size;    /* in the frame numbers */
    unsigned vector;  /* the widest vector in it */
    void (*code)(void); /* T (self, _cmd, int 11, T v, double 2.5, T w), returns w */
    /* Calls such code; 1 when the method saw what was sent, and its result came back. With result 0: when the
       method was not reached. */
    int (*send)(void (*code)(void), void *self, void *cmd, unsigned seed);
};

extern const struct vector_method gcc_vectors[], clang_vectors[]; /* end with name NULL */
#endif
