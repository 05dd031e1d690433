// SPDX-License-Identifier: MIT
// Declared properties: one storage for both sides, a value of each object's own.
defineClass('JSHolder : NSObject', ['data', 'total'], {
    setTotal: function (n) { self.setProp_forKey(n, 'kept'); },
    total: function () { return self.getProp('kept'); }
});
require('JSHolder,JSCaller');
var a = JSHolder.alloc().init(), b = JSHolder.alloc().init();
console.log(a.data() === undefined); // expect: 1
a.setData([1, 2]);
b.setData('b');
console.log(a.data()[1], b.data()); // expect: 2
// expect: b
console.log(JSCaller.perform_on('data', b).toJS()); // expect: b
JSCaller.perform_on_with('setData:', a, 'native');
console.log(a.data().toJS(), b.data()); // expect: native
// expect: b
b.setValue_forKey('by key', 'data');
console.log(b.valueForKey('data').toJS(), b.data().toJS()); // expect: by key
// expect: by key
a.setTotal(12);
console.log(a.total(), b.total() === false); // expect: 12
// expect: 1
a.setData(function () { return 'called'; });
console.log(a.data()()); // expect: called
