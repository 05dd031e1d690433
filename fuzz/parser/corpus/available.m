void f(void) { if (@available(iOS 13.0.1, macOS 10.15, *)) { } if (__builtin_available(Linux 5, *)) ; }
