int sum(int n, ...) { va_list ap; va_start(ap, n); int x = va_arg(ap, int); va_end(ap); return offsetof(struct S, a.b[1]) + ({ x; }); }
