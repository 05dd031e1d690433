/* SPDX-License-Identifier: MIT */
/* What each construct of the language becomes: source in, tree out (spec/mango.md sections 4 to 20, 34). */
#include "unit/lang/reading.h"

static void
operators_bind_as_in_c(void **state)
{
    static const struct row rows[] = {
        {"products before sums before shifts", "x = a + b * c << d - e;",
         "(do (= x (<< (+ a (* b c)) (- d e))))"},
        {"comparisons before bits before logic", "x = a < b == c & d ^ e | f && g || h;",
         "(do (= x (|| (&& (| (^ (& (== (< a b) c) d) e) f) g) h)))"},
        {"binary operators lean left", "x = a - b - c;", "(do (= x (- (- a b) c)))"},
        {"assignments lean right", "a = b += c;", "(do (= a (+= b c)))"},
        {"all compound assignments", "a -= b *= c /= d %= e &= f |= g ^= h <<= i >>= j;",
         "(do (-= a (*= b (/= c (%= d (&= e (|= f (^= g (<<= h (>>= i j))))))))))"},
        {"conditionals lean right", "x = a ? b : c ? d : e;", "(do (= x (? a b (? c d e))))"},
        {"the short conditional, with and without a blank", "x = a ?: b ? : c;",
         "(do (= x (?: a (?: b c))))"},
        {"prefixes", "x = !a + ~b - -c * *d & &e;",
         "(do (= x (& (- (+ (! a) (~ b)) (* (- c) (* d))) (& e))))"},
        {"steps before and behind", "++a; b--;", "(do (pre++ a))\n(do (post-- b))"},
        {"comma", "a = 1, b = 2;", "(do (, (= a 1) (= b 2)))"},
        {"parentheses", "x = (a + b) * c;", "(do (= x (* (+ a b) c)))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
parentheses_are_casts_where_a_type_stands_in_them(void **state)
{
    static const struct row rows[] = {
        {"a type word", "x = (int)a;", "(do (= x (cast int a)))"},
        {"words of C's types in any order", "x = (long unsigned int)a;", "(do (= x (cast unsigned long a)))"},
        {"a pointer to an unknown name", "x = (Foo *)a;", "(do (= x (cast (pointer Foo) a)))"},
        {"protocols", "x = (id<P, Q>)a;", "(do (= x (cast (id (protocols P Q)) a)))"},
        {"a name before an operand", "x = (Foo)a;", "(do (= x (cast Foo a)))"},
        {"a name before '-' is a value", "x = (n) - 1;", "(do (= x (- n 1)))"},
        {"a known type before '-' is a cast", "x = (NSInteger)-1;", "(do (= x (cast NSInteger (- 1))))"},
        {"a type of the source, declared further down", "x = (T)(y); typedef int T;",
         "(do (= x (cast T y)))\n(typedef T int)"},
        {"a name before '(' is a call", "x = (f)(y);", "(do (= x (call f y)))"},
        {"a name before '[' is a subscript", "x = (a)[1];", "(do (= x (index a 1)))"},
        {"in a message the next keyword is no operand", "[o a:(x) b:(y)];", "(do (send o a:b: x y))"},
        {"a receiver in parentheses", "[(x) go]; [(Foo *)x go];",
         "(do (send x go))\n(do (send (cast (pointer Foo) x) go))"},
        {"a block type", "x = (void (^)(int))a;", "(do (= x (cast (block void (param - int)) a)))"},
        {"a function pointer", "x = (id (*)(id, SEL))imp;",
         "(do (= x (cast (pointer (function id (param - id) (param - SEL))) imp)))"},
        {"a bridge", "x = (__bridge_transfer NSString *)s;",
         "(do (= x (__bridge_transfer (pointer NSString) s)))"},
        {"a cast binds tighter than operators", "x = (int)a + b;", "(do (= x (+ (cast int a) b)))"},
        {"a compound literal", "x = (struct S){ .a = 1, [2].b = 3, 4 };",
         "(do (= x (literal struct S (init .a=1 [2].b=3 4))))"},
        {"sizeof of a type and of an expression", "x = sizeof(int *) + sizeof(a) + sizeof a;",
         "(do (= x (+ (+ (sizeof (pointer int)) (sizeof a)) (sizeof a))))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
sends_in_brackets_and_with_dots_mean_the_same(void **state)
{
    static const struct row rows[] = {
        {"no argument", "[a b]; [[A alloc] init]; [super init];",
         "(do (send a b))\n(do (send (send A alloc) init))\n(do (send super init))"},
        {"keywords, also reserved and missing ones", "[a if:1 :2 class:3];",
         "(do (send a if::class: 1 2 3))"},
        {"a variadic tail", "[NSString stringWithFormat:@\"%@\", a, 2];",
         "(do (send NSString stringWithFormat: @\"%@\" a 2))"},
        {"any word after a dot", "a.class; b.default.id;", "(do (. a class))\n(do (. (. b default) id))"},
        {"a call of a member", "a.b(); a.b(1)(2);", "(do (call (. a b)))\n(do (call (call (. a b) 1) 2))"},
        {"a dotted selector", "a.b:(1); a.b:c:(1, 2, 3); super.d:(self);",
         "(do (dot-send a b: 1))\n(do (dot-send a b:c: 1 2 3))\n(do (dot-send super d: self))"},
        {"assignments to members", "self.a = 1; b.c.d += 2; p->x = 3;",
         "(do (= (. self a) 1))\n(do (+= (. (. b c) d) 2))\n(do (= (-> p x) 3))"},
        {"sends on literals", "@{}.mutableCopy(); @\"a\".length; [@[] count];",
         "(do (call (. (dictionary) mutableCopy)))\n(do (. @\"a\" length))\n(do (send (array) count))"},
        {"Class as a receiver", "[Class description];", "(do (send Class description))"},
        {"calls of all sorts", "f(1); (c ? f : g)(x); b[0](1); make()(2);",
         "(do (call f 1))\n(do (call (? c f g) x))\n(do (call (index b 0) 1))\n(do (call (call make) 2))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
a_colon_ends_a_conditional_or_belongs_to_a_selector(void **state)
{
    static const struct row rows[] = {
        {"with blanks it separates", "x = ok ? a.b : (c);", "(do (= x (? ok (. a b) c)))"},
        {"adjacent it is a selector's where another colon is left", "x = ok ? a.b:(c) : d;",
         "(do (= x (? ok (dot-send a b: c) d)))"},
        {"adjacent it separates where none is left", "x = ok ? a.b:(c);", "(do (= x (? ok (. a b) c)))"},
        {"the last colon separates", "x = ok ? a.b:(c) + d.e:(f);",
         "(do (= x (? ok (+ (dot-send a b: c) (. d e)) f)))"},
        {"nested conditionals each get theirs", "x = p ? q ? a.b:(c) : d : e;",
         "(do (= x (? p (? q (dot-send a b: c) d) e)))"},
        {"a message around it keeps its own", "[o m:ok ? a.b : (c) n:d];",
         "(do (send o m:n: (? ok (. a b) c) d))"},
        {"in brackets the outside does not count", "x = ok ? f(a.b:(c)) : d;",
         "(do (= x (? ok (call f (dot-send a b: c)) d)))"},
        {"a dictionary's entries", "x = @{a.b:(c), d.e : (f), g.h:(i) : j};",
         "(do (= x (dictionary (. a b) c (. d e) f (dot-send g h: i) j)))"},
        {"a case label", "switch (x) { case K.a:(f)(1); }",
         "(switch x (block (case (. K a)) (do (call f 1))))"},
        {"@selector is no such place", "x = ok ? @selector(a:b:) : c;",
         "(do (= x (? ok (selector a:b:) c)))"},
    };

    expect_rows("t.mg", ROWS(rows));
}

static void
literals_of_objects(void **state)
{
    static const struct row rows[] = {
        {"boxes", "x = @1; x = @-2; x = @'c'; x = @YES; x = @(a + b);",
         "(do (= x (box 1)))\n(do (= x (box (- 2))))\n(do (= x (box (char 99))))\n(do (= x (box YES)))\n"
         "(do (= x (box (+ a b))))"},
        {"arrays and dictionaries with a last comma", "x = @[a, @[], ]; y = @{a: b, @\"c\": @{},};",
         "(do (= x (array a (array))))\n(do (= y (dictionary a b @\"c\" (dictionary))))"},
        {"selectors, protocols, encodings",
         "a(@selector(b), @selector(c:d::), @selector((e:)), @protocol(P), @encode(int *));",
         "(do (call a (selector b) (selector c:d::) (selector e:) (protocol P) (encode (pointer int))))"},
        {"any word in a selector", "a(@selector(default:class));", "(do (call a (selector default:class)))"},
        {"availability", "a(@available(iOS 13.0.1, *), __builtin_available(Linux 5, *));",
         "(do (call a (available iOS 13.0.1 *) (available Linux 5 *)))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
statements_of_all_kinds(void **state)
{
    static const struct row rows[] = {
        {"else belongs to the nearest if", "if (a) if (b) c(); else d();",
         "(if a (if b (do (call c)) (do (call d))))"},
        {"loops", "while (a) b(); do c(); while (d); do { } while (e) f();",
         "(while a (do (call b)))\n(do-while d (do (call c)))\n(do-while e (block))\n(do (call f))"},
        {"for in all shapes", "for (;;) ; for (int i = 0, j; i < 3; i++, j--) { } for (i = 0; ; ) break;",
         "(for - - - (empty))\n(for (declare (var i int 0) (var j int)) (< i 3) (, (post++ i) (post-- j)) "
         "(block))\n"
         "(for (do (= i 0)) - - (break))"},
        {"for-in with a new and an old variable",
         "for (NSString *s in a.b) c(s); for (k in [d allKeys]) { } for (id x in in) ;",
         "(for-in (var s (pointer NSString)) (. a b) (do (call c s)))\n(for-in k (send d allKeys) (block))\n"
         "(for-in (var x id) in (empty))"},
        {"switch with ranges and labels in a row",
         "switch (a) { case 1: case 2 ... 4: b(); break; default: int c = 1; }",
         "(switch a (block (case 1) (case 2 4) (do (call b)) (break) (default) (declare (var c int 1))))"},
        {"labels and goto", "void f(void) { again: if (a) goto again; end: ; }",
         "(func f (function void) (block (label again) (if a (goto again)) (label end) (empty)))"},
        {"a label in place of a body takes its statement along", "if (a) b: c(); d();",
         "(if a (block (label b) (do (call c))))\n(do (call d))"},
        {"exceptions",
         "@try { a(); } @catch (NSException *e) { @throw; } @catch (...) { @throw b; } @finally { }",
         "(try (block (do (call a))) (catch (param e (pointer NSException)) (block (throw))) "
         "(catch - (block (throw b))) (finally (block)))"},
        {"guards", "@synchronized (self.x) { } @autoreleasepool { }",
         "(synchronized (. self x) (block))\n(pool (block))"},
        {"a statement expression", "x = ({ int y = 1; y + 1; });",
         "(do (= x (value (block (declare (var y int 1)) (do (+ y 1))))))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
declarations_are_told_from_expressions(void **state)
{
    static const struct row rows[] = {
        {"two names in a row", "Foo x; Foo *y = z;", "(var x Foo)\n(var y (pointer Foo) z)"},
        {"a variable times another is no declaration", "int a, b; { a * b; }",
         "(var a int)\n(var b int)\n(block (do (* a b)))"},
        {"an unknown name and a star declare", "a * b;", "(var b (pointer a))"},
        {"generics and protocols", "NSDictionary<NSString *, NSArray<id> *> *d; id<P> e;",
         "(var d (pointer (NSDictionary (pointer NSString) (pointer (NSArray id)))))\n(var e (id (protocols "
         "P)))"},
        {"a comparison of variables is no list of types", "int a, b, c; { x = a < b; y = b > c; }",
         "(var a int)\n(var b int)\n(var c int)\n(block (do (= x (< a b))) (do (= y (> b c))))"},
        {"blocks and functions by pointer", "Foo (^b)(int) = c; NSInteger (*f)(void); int *(*(*g)(int))[3];",
         "(var b (block Foo (param - int)) c)\n(var f (pointer (function NSInteger)))\n"
         "(var g (pointer (function (pointer (array (pointer int) 3)) (param - int))))"},
        {"arrays of arrays", "int a[2][3] = {{1}, [1] = {2, 3}}; char s[] = \"x\"; int v[n + 1];",
         "(var a (array (array int 3) 2) (init (init 1) [1]=(init 2 3)))\n(var s (array char -) \"x\")\n"
         "(var v (array int (+ n 1)))"},
        {"storage, ownership and qualifiers",
         "static const int a = 1; __weak id b; __block NSString *c; NSString *const d; id __strong e;",
         "(var static a const int 1)\n(var b __weak id)\n(var __block c (pointer NSString))\n"
         "(var d const (pointer NSString))\n(var e __strong id)"},
        {"words that mean nothing here",
         "__unused FOUNDATION_EXPORT NSString *const _Nonnull K __attribute__((x)) API_AVAILABLE(ios(1));",
         "(var K const (pointer NSString))"},
        {"an unknown word in capitals before a type", "MY_EXPORT NSString *x; MY_INLINE int f(void);",
         "(var x (pointer NSString))\n(func f (function int))"},
        {"structs, unions, enums, bit-fields",
         "struct S { int a : 3, : 2; union { id o; char c; }; } s; enum E : long { A, B = 3 };",
         "(type (struct S (field a int : 3) (field - int : 2) (field - (union - (field o id) (field c "
         "char)))))\n"
         "(var s (struct S (field a int : 3) (field - int : 2) (field - (union - (field o id) (field c "
         "char)))))\n"
         "(type (enum E long (constant A) (constant B 3)))"},
        {"NS_ENUM with its typedef", "typedef NS_OPTIONS(NSUInteger, O) { P = 1 << 0, Q };",
         "(type (enum O NSUInteger (constant P (<< 1 0)) (constant Q)))"},
        {"functions, static and variadic",
         "static inline int f(int a, ...) { return a; } void g(); extern int h(void);",
         "(func static inline f (function int (param a int) ...) (block (return a)))\n(func g (function void "
         "?))\n"
         "(func extern h (function int))"},
        {"typedefs of blocks", "typedef void (^Done)(BOOL, id); Done d;",
         "(typedef Done (block void (param - BOOL) (param - id)))\n(var d Done)"},
        {"typeof", "__typeof__(self) w; typeof(int *) p; __auto_type q = r;",
         "(var w (typeof self))\n(var p (typeof (pointer int)))\n(var q __auto_type r)"},
        {"a contextual word is an ordinary name", "id copy = in; int class = keys + weak;",
         "(var copy id in)\n(var class int (+ keys weak))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
blocks(void **state)
{
    static const struct row rows[] = {
        {"without and with parameters", "a(^{ b(); }, ^(id x, BOOL *s) { *s = YES; }, ^(void) { });",
         "(do (call a (^ - (block (do (call b)))) (^ - (param x id) (param s (pointer BOOL)) (block (do (= "
         "(* s) YES)))) "
         "(^ - (block))))"},
        {"with a result", "a(^NSString *(int k) { return c; }, ^id { return d; });",
         "(do (call a (^ (pointer NSString) (param k int) (block (return c))) (^ id (block (return d)))))"},
        {"called in place", "^{ }();", "(do (call (^ - (block))))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
classes_in_objective_c(void **state)
{
    static const struct row rows[] = {
        {"methods, also with a ';' before the body",
         "@implementation A\n- (int)m { return 1; }\n+ n; { }\n- (void)a:(id)x b:y, ... { }\n@end",
         "(implementation A (- m int (block (return 1))) (+ n - (block)) (- a:b: void (param x id) (param y "
         "-) ... (block)))"},
        {"a category and an extension",
         "@implementation A (B)\n@end\n@interface A ()\n@property int x;\n@end",
         "(implementation A (category B))\n(interface A (category -) (property x int))"},
        {"an interface in full",
         "@interface A<T> : B <P,\n Q> { @private int _a; @public id _b, _c; }\n- (oneway void)f:(in "
         "T)x;\n@end",
         "(interface A : B (protocols P Q) (generics T) (field @private _a int) (field @public _b id) (field "
         "@public _c id) "
         "(- f: oneway void (param x in T)))"},
        {"properties with all attributes",
         "@interface A\n@property (nonatomic, copy, getter=isOn, setter=setOn:) NSString *a, *b;\n@property "
         "(class, readonly) void (^c)(int);\n@end",
         "(interface A (property nonatomic copy getter=isOn setter=setOn: a (pointer NSString)) "
         "(property nonatomic copy getter=isOn setter=setOn: b (pointer NSString)) "
         "(property readonly class c (block void (param - int))))"},
        {"@synthesize, @dynamic, functions between methods",
         "@implementation A\n@synthesize a = _a, b;\n@dynamic c;\nstatic int f(void) { return 1; }\n@end",
         "(implementation A (synthesize a _a) (synthesize b -) (dynamic c) (func static f (function int) "
         "(block (return 1))))"},
        {"protocols",
         "@protocol P <Q>\n- (void)a;\n@optional\n+ (id)b;\n@property id c;\n@required\n- (void)d;\n@end",
         "(protocol P (protocols Q) (property optional c id) (- a void) (+ b optional id) (- d void))"},
        {"forward lists and stray semicolons", "@class A, B<T>; @protocol P, Q; ;; @compatibility_alias N O;",
         "(@class A B)\n(@protocol P Q)\n(alias N O)"},
        {"any word as part of a selector",
         "@implementation A\n- (void)if:(int)a default:(int)b { }\n- class { }\n@end",
         "(implementation A (- if:default: void (param a int) (param b int) (block)) (- class - (block)))"},
        {"nullability and suffixes",
         "@interface A\n- (nullable NSString *)a:(nonnull id)b NS_REQUIRES_SUPER;\n- (instancetype)init "
         "MY_UNAVAILABLE(\"x\");\n@end",
         "(interface A (- a: (pointer NSString) (param b id)) (- init instancetype))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
classes_in_mango(void **state)
{
    static const struct row rows[] = {
        {"the class form",
         "class A : B <P> { @property (weak) id x; - (void)m { } - n:(int)a { return a; } };",
         "(class A : B (protocols P) (property weak x id) (- m void (block)) (- n: - (param a int) (block "
         "(return a))))"},
        {"annotations wherever they may stand",
         "@If(a < 1) class M.A : @SwiftModule(\"M\") B { #If(NO) @MethodName(\"x:\") - f { } @If(YES) "
         "@property int p; }",
         "(class (@If (< a 1)) M.A : B (@SwiftModule \"M\") (property (@If YES) p int) (- f (@If NO) "
         "(@MethodName \"x:\") - (block)))"},
        {"declare struct, attributes in either order",
         "declare struct S { typeEncoding: \"{S=qq}\", keys: a, b } declare struct T { keys: c, "
         "typeEncoding: @\"{T=i}\" };",
         "(type (struct S \"{S=qq}\" (keys a b)))\n(type (struct T \"{T=i}\" (keys c)))"},
        {"struct literals", "struct S s = {a: 1}; s = {a: 1, b: {c: 2}}; f({x: 1});",
         "(var s struct S (init .a=1))\n(do (= s (init .a=1 .b=(init .c=2))))\n(do (call f (struct .x=1)))"},
        {"CFunction, Block and their like",
         "CFunction<int, CString, ...> f = CFunction(\"g\"); Block b; @Signature(\"v@?\") Block c; uint u; "
         "Pointer p;",
         "(var f (CFunction int (param - CString) ...) (cfunction \"g\"))\n(var b Block)\n(var c "
         "Block\"v@?\")\n(var u uint)\n(var p Pointer)"},
        {"C's type words may be variables", "id short = 1; short = 2; f(short, long);",
         "(var short id 1)\n(do (= short 2))\n(do (call f short long))"},
        {"but declare where a name follows", "short x = 1; unsigned long y;",
         "(var x short 1)\n(var y unsigned long)"},
        {"Swift names", "@SwiftClassAlias M.N.A B;", "(alias B M.N.A)"},
    };

    expect_rows("t.mg", ROWS(rows));
}

static enum mn_dialect
dialect_of_first_class(const char *name, const char *text)
{
    struct reading r;
    enum mn_dialect dialect;

    reading_open(&r, name, text);
    assert_int_equal(r.status, MEND_OK);
    dialect = r.tree.items[0].kind == MN_ITEM_CLASS ? r.tree.items[0].class_->methods[0]->dialect
                                                    : r.tree.items[0].dialect;
    reading_close(&r);
    return dialect;
}

static void
a_body_has_the_dialect_of_its_form(void **state)
{
    assert_int_equal(dialect_of_first_class("t.mg", "@implementation A\n- m { }\n@end"), MN_DIALECT_OBJC);
    assert_int_equal(dialect_of_first_class("t.m", "class A : B { - m { } }"), MN_DIALECT_MANGO);
    assert_int_equal(
        dialect_of_first_class("t.m", "#pragma mend dialect(mango)\n@implementation A\n- m { }\n@end"),
        MN_DIALECT_MANGO);
    assert_int_equal(
        dialect_of_first_class("t.m", "@implementation A\n#pragma mend dialect(mango)\n- m { }\n@end"),
        MN_DIALECT_MANGO);
    assert_int_equal(dialect_of_first_class("t.m", "a();"), MN_DIALECT_OBJC);
    assert_int_equal(dialect_of_first_class("t.mg", "a();"), MN_DIALECT_MANGO);
    assert_int_equal(dialect_of_first_class("t", "a.b:(1);"), MN_DIALECT_MANGO);
    assert_int_equal(dialect_of_first_class("t", "a(1);"), MN_DIALECT_OBJC);
}

static bool
knows_only_bar(void *data, const char *name)
{
    (*(unsigned *)data)++;
    return !strcmp(name, "Bar");
}

static void
the_caller_says_which_types_the_program_has(void **state)
{
    static const char text[] = "x = (Bar)(y); x = (Foo)(y);";
    unsigned asked = 0;
    struct mn_parse_options options = {.knows_type = knows_only_bar, .data = &asked};
    struct mn_source source;
    struct mn_findings findings;
    struct mn_tree tree;
    struct mn_buffer out = MN_BUFFER_EMPTY;

    assert_int_equal(mn_source_open(&source, "t.m", text, sizeof text - 1, NULL), MEND_OK);
    mn_findings_init(&findings, &source);
    assert_true(mn_tree_init(&tree));
    assert_int_equal(mn_objc_parse(&tree, &source, &options, &findings, NULL), MEND_OK);
    mn_tree_print(&tree, &out);
    assert_string_equal(mn_buffer_peek(&out), "(do (= x (cast Bar y)))\n(do (= x (call Foo y)))\n");
    assert_true(asked > 0);
    mn_buffer_fini(&out);
    mn_tree_fini(&tree);
    mn_findings_fini(&findings);
    mn_source_close(&source);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_as_in_c),
        cmocka_unit_test(parentheses_are_casts_where_a_type_stands_in_them),
        cmocka_unit_test(sends_in_brackets_and_with_dots_mean_the_same),
        cmocka_unit_test(a_colon_ends_a_conditional_or_belongs_to_a_selector),
        cmocka_unit_test(literals_of_objects),
        cmocka_unit_test(statements_of_all_kinds),
        cmocka_unit_test(declarations_are_told_from_expressions),
        cmocka_unit_test(blocks),
        cmocka_unit_test(classes_in_objective_c),
        cmocka_unit_test(classes_in_mango),
        cmocka_unit_test(a_body_has_the_dialect_of_its_form),
        cmocka_unit_test(the_caller_says_which_types_the_program_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
