// SPDX-License-Identifier: MIT
// super is that of the defining class; everything else is dispatched from the receiver's class.
defineClass('JSOne : JSShape', {
    hello: function () { return 'one ' + self.super().hello().toJS() + ' ' + self.name(); },
    name: function () { return 'of one'; }
});
defineClass('JSTwo : JSOne', {
    hello: function () { return 'two ' + self.super().hello(); },
    name: function () { return 'of two'; }
});
defineClass('JSThree : JSTwo', {
    hello: function () { return 'three ' + self.super().hello(); }
}, {
    species: function () { return 'third ' + self.super().species().toJS(); }
});
require('JSOne,JSTwo,JSThree,JSCaller,JSSquare,JSShape');
console.log(JSThree.alloc().init().hello()); // expect: three two one hello of two
console.log(JSCaller.hello(JSThree.alloc().init())); // expect: three two one hello of two
console.log(JSThree.species()); // expect: third shape
console.log(JSCaller.hello(JSSquare.alloc().init())); // expect: square hello
defineClass('JSShape', {hello: function () { return 'base ' + self.ORIGhello().toJS(); }});
defineClass('JSSquare', {hello: function () { return 'top ' + self.ORIGhello().toJS(); }});
console.log(JSCaller.hello(JSSquare.alloc().init())); // expect: top square base hello
console.log(JSSquare.alloc().init().super().hello().toJS()); // expect: base hello
