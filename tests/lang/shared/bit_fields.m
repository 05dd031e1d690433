// Bit-fields, packed structures and unions: values wrap at their width, neighbours stay.
struct flags {
    unsigned low : 3;
    signed mid : 5;
    unsigned : 0;
    unsigned long wide : 40;
    unsigned char small : 2;
    _Bool yes : 1;
};
#pragma pack(push, 1)
struct packed {
    char tag;
    unsigned odd : 23;
    int word;
    long big : 61;
    short last;
};
#pragma pack(pop)
union both {
    unsigned all;
    struct {
        unsigned first : 4, second : 28;
    };
    float real;
};
static struct flags flags = {5, -3, 1L << 39, 3, 9};
static struct packed packed[2] = {{.tag = 'a', .odd = 7}, {'b', 0x7fffff, -1, -5, 9}};

static struct packed changed(struct packed p, int by)
{
    p.odd += by;
    p.big -= by;
    return p;
}

@implementation LangTest
- (void)main
{
    struct flags f = flags;
    struct packed *p = &packed[1];
    union both b = {.all = 0xabcdef12};
    int kept;

    [self i:f.low + f.mid]; // expect: 2
    [self i:(int)(f.wide >> 36)]; // expect: 8
    [self i:f.small * 10 + f.yes]; // expect: 31
    kept = (f.low += 6);
    [self i:kept]; // expect: 3
    [self i:f.low-- + f.mid]; // expect: 0
    [self i:f.low]; // expect: 2
    f.mid = 15;
    kept = ++f.mid;
    [self i:kept]; // expect: -16
    [self i:f.low - 5 < 0]; // expect: 1
    [self i:(int)sizeof(struct packed) + 100 * (int)sizeof(struct flags)]; // expect: 1618
    [self i:p->odd == 0x7fffff && p->word == -1 && p->last == 9]; // expect: 1
    [self i:(int)p->big]; // expect: -5
    *p = changed(*p, 3);
    [self i:p->odd]; // expect: 2
    [self i:(int)p->big]; // expect: -8
    [self i:p->last + p->word + p->tag]; // expect: 106
    [self i:b.first]; // expect: 2
    b.second = 0;
    [self i:b.all]; // expect: 2
    b.real = 1;
    [self i:b.second >> 24]; // expect: 3
}
@end
