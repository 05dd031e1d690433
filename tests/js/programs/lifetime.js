// SPDX-License-Identifier: MIT
// Ownership: self is weak in methods, weak boxes forget, dealloc bodies run once before the original.
require('JSShape,JSCaller');
defineClass('JSMortal : JSShape', {
    dealloc: function () { console.log('body of ' + self.hello()); },
    hello: function () { return 'mortal'; }
});
var before = JSCaller.deallocs();
autoreleasepool(function () { JSCaller.make_andCheck('JSMortal', 'hello'); }); // expect: body of mortal
console.log(__weak(JSShape) === JSShape); // expect: (null)
var w;
autoreleasepool(function () {
    var strong = JSShape.alloc().init();
    w = __weak(strong);
    console.log(w.hello().toJS(), __strong(w).hello().toJS()); // expect: hello
    // expect: hello
});
console.log(typeof __strong(w)); // expect: object
