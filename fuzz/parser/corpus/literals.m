void f(void) { id a = @[@1, @-2.5f, @'c', @YES, @(1 + 2), @"s" @"t"]; id b = @{@"k": @"v", a: b,}; SEL s = @selector(a:b:); char *c = "x\n\x41\u00e9"; }
