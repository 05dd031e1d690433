// SPDX-License-Identifier: MIT
// Cells, out-parameters, structs in memory, C functions.
require('JSShape,NSString,JPEngine');
var s = JSShape.alloc().init(), cell = malloc(sizeof('id'));
s.fill(cell);
console.log(pval(cell).domain().toJS(), pval(cell).code()); // expect: filled
// expect: 7
releaseTmpObj(cell);
free(cell);
console.log(s.fill(null)); // expect: 0
var r = newStruct('CGRect', {x: 1, y: 2, width: 3, height: 4});
console.log(pvalStruct('CGRect', r).height); // expect: 4
free(r);
var flag = malloc(1);
s.fillScalar(flag);
console.log(pvalBool(flag) === true); // expect: 1
free(flag);
defineCFunction('abs', 'int, int');
defineCFunction('strlen', 'size_t, char *');
defineCFunction('noSuchThing', 'int');
console.log(abs(-5), strlen('seven!!'), noSuchThing() === false); // expect: 5
// expect: 7
// expect: 1
console.log(sizeof('CGRect'), sizeof('nothing')); // expect: 32
// expect: 0
var n = OCNumber('NSNumber', 'numberWithInt:', [5]);
console.log(n.stringValue().toJS(), toJSNumber(n) + 1, toOCNumber(3).stringValue().toJS()); // expect: 5
// expect: 6
// expect: 3
