void f(void) { a = (int)b; c = (NSString *)d; e = (id<P>)g; h = (Foo)i; j = (k)(l); m = (n) - 1; o = (struct S){ .a = 1, [2] = 3 }; p = (__bridge void *)q; r = sizeof(int) + sizeof r; }
