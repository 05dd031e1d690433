// SPDX-License-Identifier: MIT
// Methods are replaced for native callers, on instances that exist already.
require('JSShape, JSCaller');
var shape = JSShape.alloc().init();
console.log(JSCaller.hello(shape)); // expect: hello
defineClass('JSShape', {
    hello: function () { return 'patched ' + self.ORIGhello().toJS(); },
    add_to: function (a, b) { return a * b; },
    frame: function () { return {x: 1, y: 2, width: 3, height: 4}; },
}, {
    species: function () { return 'patched shape'; },
});
console.log(JSCaller.hello(shape)); // expect: patched hello
console.log(JSCaller.add(shape)); // expect: 80
console.log(JSCaller.widthOf(shape)); // expect: 3
console.log(JSCaller.species()); // expect: patched shape
console.log(shape.add_to(6, 7)); // expect: 42
console.log(shape.ORIGadd_to(6, 7)); // expect: 13
