// Variables of the source and static variables of functions: constants stand before anything runs.
struct point { int x, y; };
static int counter = 40;
static const char *names[] = {"zero", "one", "two"};
static struct point points[2][2] = {{{1, 2}, {3, 4}}, {{5, 6}, {.y = 8}}};
static int *to_counter = &counter;
static int **to_pointer = &to_counter;
static struct point *to_point = &points[1][0];
static int *inside = &points[0][1].y;
static short shorts[5] = {-1, 2};
static unsigned char flag = 300;
static double ratio = 1.0 / 4;
static float third = 0.75f;
static long zeros[4];
static int tentative;
static int tentative = 7;
static id kept;
static NSString *text = @"text";
static const long made = sizeof(points) + sizeof shorts;
static int order = 1;

static int next(void)
{
    static int n = 10;
    static int *at = &n;

    return ++*at;
}

static int recursive(int depth)
{
    static int calls;

    calls++;
    if (depth)
        recursive(depth - 1);
    return calls;
}

static struct point *at(int i)
{
    return &points[i / 2][i % 2];
}

@implementation LangTest
static int inClass = 5;
- (void)main
{
    int order = 2;

    [self i:counter]; // expect: 40
    **to_pointer += 2;
    [self i:counter]; // expect: 42
    [self s:names[2]]; // expect: two
    [self i:to_point->x + at(3)->y]; // expect: 13
    [self i:*inside]; // expect: 4
    points[0][1] = points[1][0];
    [self i:*inside]; // expect: 6
    [self i:shorts[0] + shorts[4]]; // expect: -1
    [self i:flag]; // expect: 44
    [self d:ratio + third]; // expect: 1
    zeros[3] += 5;
    [self i:(int)(zeros[0] + zeros[3])]; // expect: 5
    [self i:tentative]; // expect: 7
    [self i:next() + next()]; // expect: 23
    [self i:recursive(3)]; // expect: 4
    [self p:text]; // expect: text
    text = [text stringByAppendingString:@"!"];
    [self p:text]; // expect: text!
    kept = @[ text ];
    [self i:(int)[kept count]]; // expect: 1
    [self i:(int)made]; // expect: 42
    [self i:order]; // expect: 2
    [self i:inClass++]; // expect: 5
    [self i:inClass]; // expect: 6
    [self i:shorts + 5 - shorts]; // expect: 5
    {
        static int inner = 100;

        inner += counter;
        [self i:inner]; // expect: 142
    }
}
@end
