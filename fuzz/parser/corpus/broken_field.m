void (^b)int, id) = ^(int a, id c(error)ur--oint { doucleb n) {t}pedef; struct Point { doublor (int; i <n; };
int (^c)rnint a;
(^b)(int, id) = ^(int a, id c(error)ur--n; };
int (~c)rnint a;
i 1; };
nt b;int c;
void g(voc;
void g(voi )d{ n( b,2il); c(); ^{ }(); 