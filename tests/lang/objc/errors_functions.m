// Functions declared and defined more than once, and what cannot be passed.
int once(int a);
int once(int a) { return a; }
int once(int a, int b) { return a + b; }   // error: 'once' is declared again with other types
int twice(int a) { return a; }
int twice(int a) { return a; }             // error: the function 'twice' is defined twice
struct later;
void takes(struct later l) { }             // error: 'struct later' is not defined
int unnamed(int) { return 1; }             // error: needs a name
@implementation LangTest
- (struct later)fresh                      // error: 'struct later' is not defined
{
}
- (void)other:(void)nothing                // error: can be neither passed nor returned
{
}
@end
