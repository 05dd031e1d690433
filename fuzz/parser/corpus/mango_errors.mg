// What is wrong in a Mango script is said with its line and column, and nothing of it is installed.
declare struct Half { keys: a, b }                   // error: typeEncoding
declare struct Bare { typeEncoding: "{Bare=qq}" }    // error: keys
declare struct Short { typeEncoding: "{Short=qq}", keys: a } // error: field
class LangTest : NSString {                          // error: the superclass of 'LangTest' is 'NSObject'
    - (int)twice { return 1; }
    - (int)twice { return 2; }                       // error: twice
    - (void)main {
        struct Nowhere n;                            // error: is not defined
        NSString *s = 3;                             // error: the number 'long' is not an object
        s.insertObject:atIndex:(1);                  // error: takes 2 arguments, not 1
        1 = 2;                                       // error: cannot be assigned to
        10 % 4.0;                                    // error: cannot combine
        @"a" * 2;                                    // error: cannot combine
        Thing t = 3;
        *t = 4;                                      // error: needs a pointer to a complete type, not 'a value of any type'
        break;                                       // error: outside a loop
        CFunction<NoType> f = CFunction("abs");      // error: NoType
    }
}
class Orphan : NoSuchParent { }                      // error: there is no class 'NoSuchParent'
