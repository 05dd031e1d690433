// SPDX-License-Identifier: MIT
// Values across the border, both ways.
require('JSShape,NSNumber,NSDate,NSNull,NSMutableArray,NSString');
var s = JSShape.alloc().init();
console.log(s.half(5), s.third(2), s.big(), s.small(-1)); // expect: 2.5
// expect: 0.5
// expect: 9007199254740991
// expect: 255
console.log(s.add_to(true, '41'), s.add_to(null, undefined)); // expect: 42
// expect: 0
try { s.add_to({}, 1); } catch (e) { console.log(e.message); } // expect: a number is expected here
s.setHidden(YES);
console.log(s.isHidden()); // expect: 1
s.setHidden(NO);
console.log(s.isHidden()); // expect: 0
s.setFrame({x: 1, y: 2, width: 30, height: 40});
console.log(s.frame().width, s.frame().x); // expect: 30
// expect: 1
console.log(s.rangeFrom(3).length); // expect: 6
console.log(s.give('text').length(), s.give('text').toJS()); // expect: 4
// expect: text
console.log(s.give(5), s.give(true) === true, s.give(false) === false); // expect: 5
// expect: 1
// expect: 1
console.log(JSON.stringify(s.give([1, 'a', {b: [2]}, null, nsnull]).toJS())); // expect: [1,"a",{"b":[2]},{},{}]
console.log(s.give([null]).objectAtIndex(0).isEqual(NSNull.null()), s.give(nsnull).isEqual(NSNull.null())); // expect: 1
// expect: 1
console.log(s.give(new Date(5000)).toJS().getTime()); // expect: 5000
var list = NSMutableArray.alloc().init();
list.addObject('x');
s.give(list).addObject('y');
console.log(list.count()); // expect: 2
console.log(s.give(s).isEqual(s), s.give(JSShape) .species().toJS()); // expect: 1
// expect: shape
console.log(s.nameOf('tap:').toJS(), s.nameOf(null).toJS(), s.action().toJS()); // expect: tap:
// expect: none
// expect: add:to:
console.log(s.nameOf(s.action()).toJS()); // expect: add:to:
console.log(s.nameOfClass(JSShape).toJS(), s.nameOfClass(s.kind()).toJS(), s.nameOfClass(null).toJS()); // expect: JSShape
// expect: NSString
// expect: none
console.log(s.class().alloc().init().hello().toJS()); // expect: hello
console.log(s.lengthOf('four'), s.lengthOf(s.cString()), s.lengthOf(null), s.cString().toJS()); // expect: 4
// expect: 8
// expect: -1
// expect: of chars
try { s.give(function () {}); } catch (e) { console.log(e.message); } // expect: a function is no object: wrap it in block(…)
var m = s.mixed([1, 2.5, 3]);
console.log(m[0], m[1], m[2]); // expect: 2
// expect: 5
// expect: 2
var cycle = {}; cycle.self = cycle;
try { s.give(cycle); } catch (e) { console.log('cycle refused'); } // expect: cycle refused
console.log(s.give('snow ☃ 😀').toJS()); // expect: snow ☃ 😀
