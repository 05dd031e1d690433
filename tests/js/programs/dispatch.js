// SPDX-License-Identifier: MIT
// What a member call means, by its receiver.
require('JSShape,JSForwarder');
var shape = JSShape.alloc().init(), nil = shape.nothing();
console.log(nil === false, nil.foo().bar() === false); // expect: 1
// expect: 1
console.log('flag ' + (1 === 1).toString()); // expect: flag true
console.log('a-b'.split('-').length, [3, 1].sort().join()); // expect: 2
// expect: 1,3
console.log(shape.missing_method(1, 2) === false); // expect: 1
// report: unrecognized selector missing:method: for instance
console.log(JSShape.nope() === false); // report: unrecognized selector nope for class JSShape
// expect: 1
console.log(require('NotThere').alloc() === false); // report: unrecognized selector alloc for class NotThere
// expect: 1
try { shape.performSelector('add:to:', 1); } catch (e) { console.log(e.message); } // expect: add:to: takes 2 arguments, 1 are given
console.log(shape.setTitle('x') === false); // expect: 1
console.log(typeof shape.title, typeof shape.neverCalledAnywhere); // expect: function
// expect: undefined
console.log(JSForwarder.forwarderTo(shape).add_to(20, 22)); // expect: 42
console.log([1, 2].count(), 'abc'.toJS(), 'ab'.uppercaseString().toJS()); // expect: 2
// expect: abc
// expect: AB
console.log({a: 5}.objectForKey('a'), [7].objectAtIndex(0)); // expect: 5
// expect: 7
var undef;
try { undef.foo(); } catch (e) { console.log(e instanceof TypeError); } // expect: 1
console.log(shape["add_to"](1, 2)); // expect: 3
console.log(shape
    . add_to /* comment */ (4,
                            5)); // expect: 9
