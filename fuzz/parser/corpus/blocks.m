void (^b)(int, id) = ^(int a, id c) { return; };
int (^c)(void) = ^int { return 1; };
void g(void) { b(1, nil); c(); ^{ }(); }
