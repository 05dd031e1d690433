// SPDX-License-Identifier: MIT
// defineProtocol gives methods their types.
defineProtocol('JSScriptTypes', {
    scale_by: {paramsType: 'CGRect, double', returnType: 'CGRect'},
    tick: {},
    flags: {paramsType: 'unsigned int', returnType: 'BOOL'},
    odd: {paramsType: 'nonsense thing'}
}, {count: {returnType: 'int'}}); // report: unreconized type nonsense thing
defineClass('JSTyped : NSObject <JSScriptTypes>', {
    scale_by: function (r, k) { return {x: r.x * k, y: r.y * k, width: r.width * k, height: r.height * k}; },
    flags: function (n) { return n > 4000000000; },
    tick: function () {}
}, {count: function () { return 3.9; }});
require('JSTyped');
var t = JSTyped.alloc().init();
console.log(t.performSelector('scale:by:', {x: 1, y: 2, width: 3, height: 4}, 2.5).height); // expect: 10
console.log(t.performSelector('flags:', 4294967295), JSTyped.performSelector('count')); // expect: 1
// expect: 3
console.log(t.methodSignatureForSelector('tick').methodReturnLength()); // expect: 0
