void f(void) { @try { @throw x; } @catch (NSException *e) { @throw; } @catch (...) { } @finally { } @synchronized (self) { } @autoreleasepool { } }
