void f(int n) { switch (n) { case 1: case 2 ... 3: n = 0; break; default: ; } }
