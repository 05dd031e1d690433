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

// Properties are key-value coded and observed; setters give nothing, as compiled ones.
require('JSWatcher');
var watcher = JSWatcher.alloc().init(), c = JSHolder.alloc().init();
watcher.watch_key(c, 'data');
c.setData('one');
console.log(watcher.seen()); // expect: one
c.setValue_forKey('two', 'data');
console.log(watcher.seen()); // expect: two
JSCaller.perform_on_with('setData:', c, 'three');
console.log(watcher.seen(), watcher.count()); // expect: three
// expect: 3
watcher.unwatch_key(c, 'data');
console.log(JSCaller.typesOf_in('setData:', 'JSHolder')); // expect: v@:@

// Native callers reach what scripts keep, and the original.
c.setProp_forKey('kept', 'k');
console.log(JSCaller.perform_on_with('getProp:', c, 'k')); // expect: kept
console.log(JSCaller.perform_on_with('getProp:', c, 'other') === false); // expect: 1
JSCaller.perform_on_with_with('setProp:forKey:', c, 'native', 'n');
console.log(c.getProp('n')); // expect: native
defineClass('JSShape', {
    greet: function (name) { return 'js ' + name.toJS(); },
    add_to: function (a, b) { return 0; },
    hello: function () { return 'never'; }
});
var shape = require('JSShape').alloc().init();
console.log(JSCaller.perform_on_with('ORIGgreet:', shape, 'n')); // expect: greet n
console.log(JSCaller.perform_on('ORIGhello', shape)); // expect: hello
console.log(JSCaller.originalAdd(shape)); // expect: 5
