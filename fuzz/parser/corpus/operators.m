int f(int a, int b) { a += b * 2 - 3 / 4 % 5 << 1 >> 2 & 3 | 4 ^ 5; a = b ? a : b ?: 3; return a && b || !a == ~b != -a; }
