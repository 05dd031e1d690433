// SPDX-License-Identifier: MIT
// The host's interface from scripts, queues, locks, undo from a script.
// loop
require('JPEngine').addExtensions(['JPMemory', 'JPDispatch']);
require('JPEngine').defineStruct({name: 'JSMixed', types: 'cdi', keys: ['c', 'd', 'i']});
require('JSShape,JSCaller,JPCleaner,Pump');
var m = JSShape.alloc().init().mixed({c: 1, d: 2.5, i: 3});
console.log(m.c, m.d, m.i); // expect: 2
// expect: 5
// expect: 2
console.log(sizeof('JSMixed')); // expect: 24
var sum = 0, o = JSShape.alloc().init();
synchronized(o, function () { sum++; });
var q = dispatch_queue_create('js.test', DISPATCH_QUEUE_SERIAL);
dispatch_sync(q, function () { sum += 10; });
dispatch_apply(3, dispatch_get_global_queue(DISPATCH_QUEUE_PRIORITY_DEFAULT, 0), function (i) { sum += 100 * i; });
console.log(sum); // expect: 311
defineClass('JSShape', {hello: function () { return 'to be cleaned'; }, gone: function () {}});
console.log(JSCaller.hello(o)); // expect: to be cleaned
JPCleaner.cleanClass('JSShape');
console.log(JSCaller.hello(o), o.hello().toJS(), o.respondsToSelector('gone')); // expect: hello
// expect: hello
// expect: 0
var group = dispatch_group_create();
dispatch_group_async(group, q, function () { sum = 5; });
dispatch_group_notify(group, dispatch_get_main_queue(), function () {
    console.log(sum); // expect: 5
    Pump.done();
});
