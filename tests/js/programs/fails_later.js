// SPDX-License-Identifier: MIT
// A patch that throws while it loads leaves nothing behind.
// fails: half way
defineClass('JSShape', {hello: function () { return 'left behind'; }});
console.log(require('JSCaller').hello(require('JSShape').alloc().init())); // expect: left behind
throw new Error('half way');
