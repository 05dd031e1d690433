void f(int n) { if (n) ; else if (n) { } else ; while (n) n--; do n++; while (n < 3); for (int i = 0; i < n; i++) continue; for (id x in y) break; for (;;) { goto out; } out: return; }
