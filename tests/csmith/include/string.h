/* SPDX-License-Identifier: MIT */
int strcmp(const char *a, const char *b);
void *memcpy(void *to, const void *from, unsigned long size);
void *memset(void *at, int byte, unsigned long size);
