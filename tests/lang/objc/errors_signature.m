// Heads that contradict the program's methods.
@implementation LangTest
- (double)number           // error: the result of 'number' is 'double' here but 'int' in the program; declare it as 'int'
{
    return 1;
}
- (int)addInt:(int)a to:(double)b // error: argument 2 of 'addInt:to:' is 'double' here but 'int' in the program
{
    return a;
}
- (void)setName:(int)name  // error: argument 1 of 'setName:' is 'int' here but 'id' in the program
{
}
- (unsigned int)isOdd:(unsigned)n // error: the result of 'isOdd:' is 'unsigned int' here but 'unsigned char' in the program
{
    return n;
}
- (NSRange)span            // fine: the same layout under another tag
{
    return NSMakeRange(0, 0);
}
- (void)main
{
    return 3;              // warning: the value is dropped
}
- (void)main               // error: '-main' is implemented twice in 'LangTest'
{
}
@end
@interface LangLeaf : NSString // error: the superclass of 'LangLeaf' is 'LangMiddle', not 'NSString'
@end
@implementation LangLeaf
- (int)ORGtest
{
    return [self ORGnothing]; // error: 'ORGnothing' has no meaning here
}
- (int)fresh
{
    return [self ORGfresh];  // error: there is no original to call
}
@end
