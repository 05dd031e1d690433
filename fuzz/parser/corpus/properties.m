void f(void) { self.a.b = c->d; x[1][@"k"] = y.z++; --*p; *q = &r; }
