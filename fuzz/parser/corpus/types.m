typedef struct Point { double x, y; unsigned flags : 3; } Point;
typedef unsigned long long big;
int (*fp)(const char *, ...); void (^blk[3])(int (*)(id)); char *const *argv[2][3]; enum E : int { A, B = 3 };
typedef NS_ENUM(NSInteger, Kind) { KindA, KindB = 1 << 2 };
