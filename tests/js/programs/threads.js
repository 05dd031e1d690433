// SPDX-License-Identifier: MIT
// A script's native call waits for another thread that runs scripts: the engine's lock is not held meanwhile.
// loop
require('JSShape,JSCaller,Pump');
defineClass('JSShape', {
    work: function () { global.ran = (global.ran || 0) + self.add_to(1, 1); },
    outer: function () { JSCaller.onThread_perform(self, 'work'); return ran; }
});
var s = JSShape.alloc().init();
JSCaller.onThread_perform(s, 'work');
console.log(ran); // expect: 2
console.log(JSCaller.perform_on('outer', s)); // expect: 4
JSCaller.onThread_perform(s, 'outer');
console.log(ran); // expect: 6
var order = [];
dispatch_async_main(function () { order.push('main'); });
dispatch_after(0.02, function () {
    order.push('later');
    dispatch_async_global_queue(function () {
        dispatch_sync_main(function () {
            console.log(order.join()); // expect: timer,promise,main,later
            Pump.done();
        });
    });
});
Promise.resolve().then(function () { order.push('promise'); });
setTimeout(function () {}, 1);
var t = setTimeout(function () { order.push('never'); }, 1);
clearTimeout(t);
order.push('timer');
