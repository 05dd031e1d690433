void f(id o) { [o a]; [o a:1 b:2]; [[o x] y:[o z]]; [super init]; [NSString stringWithFormat:@"%@ %d", o, 3]; }
