// SPDX-License-Identifier: MIT
// Functions as blocks, blocks as functions.
require('NSMutableArray,NSArray,JSShape');
var list = NSMutableArray.arrayWithArray(['b', 'c', 'a']), seen = [];
list.enumerateObjectsUsingBlock(block('id, NSUInteger, BOOL *', function (o, i, stop) {
    seen.push(o.toJS() + i);
    if (i === 1)
        assignScalarTypePointer(stop, 1, 'B');
}));
console.log(seen.join()); // expect: b0,c1
list.sortUsingComparator(block('NSInteger, id, id', function (a, b) { return a.toJS() < b.toJS() ? -1 : 1; }));
console.log(list.componentsJoinedByString(',').toJS()); // expect: a,b,c
var fn = function (x) { return 'got ' + x; };
var held = JSShape.alloc().init().give(block('NSString *', fn));
console.log(held === fn, held('it')); // expect: 1
// expect: got it
defineClass('JSShape', {
    makeAdder: function (n) { return block('id, id', function (m) { return n + m; }); },
    useBlock: function (b) { return b('from script'); }
});
var s = JSShape.alloc().init();
console.log(s.performSelector('makeAdder:', 4)(5)); // expect: 9
console.log(s.performSelector('useBlock:', block('NSString*', function (t) { return t; })).toJS ? 'converted' : 'raw'); // expect: converted
