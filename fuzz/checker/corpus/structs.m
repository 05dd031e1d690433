// Structures: values, fields, nesting, arrays inside, passing.
struct point {
    int x, y;
};
typedef struct {
    struct point from, to;
    char name[4];
    union {
        int i;
        float f;
    } u;
} line;
@implementation LangTest
- (struct point)flip:(struct point)p
{
    struct point r = {p.y, p.x};
    return r;
}
- (void)main
{
    struct point p = {1, 2}, q = p, z;
    line l = {{1, 2}, .to = {.y = 4, .x = 3}, "ab"};
    line *lp = &l;
    NSRange r = NSMakeRange(3, 4);
    NSRect rect = NSMakeRect(1, 2, 30, 40);

    q.x = 10;
    [self i:p.x];                 // expect: 1
    [self i:q.x + q.y];           // expect: 12
    [self i:z.x];                 // expect: 0
    [self i:[self flip:p].x];     // expect: 2
    q = [self flip:q];
    [self i:q.y];                 // expect: 10
    [self i:l.to.x * 10 + l.to.y]; // expect: 34
    [self i:l.name[1]];           // expect: 98
    lp->from.x = 9;
    [self i:l.from.x];            // expect: 9
    lp->to = p;
    [self i:l.to.y];              // expect: 2
    l.u.f = 1.0f;
    [self i:l.u.i];               // expect: 1065353216
    [self i:r.location + r.length]; // expect: 7
    [self i:NSMaxRange(r)];       // expect: 7
    [self d:rect.size.width];     // expect: 30
    rect.origin.x += 5;
    [self d:NSMaxX(rect)];        // expect: 36
    [self p:NSStringFromRange(r)]; // expect: {location=3, length=4}
    [self i:sizeof(line)];        // expect: 24
    [self i:((struct point){5, 6}).y]; // expect: 6
    p = (struct point){.y = 8};
    [self i:p.x + p.y];           // expect: 8
    [self i:[@"abcdef" rangeOfString:@"cd"].location]; // expect: 2
    [self p:[@"abcdef" substringWithRange:NSMakeRange(1, 2)]]; // expect: bc
    p.x = p.y = 3;
    p.x += 4;
    p.y--;
    [self i:p.x * 10 + p.y];      // expect: 72
}
@end
