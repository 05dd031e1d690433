NSDictionary<NSString *, NSArray<NSArray<id> *> *> *d; id<A, B> e; Class<C> c; __kindof UIView *v;
