// SPDX-License-Identifier: MIT
console.log(require('JSCaller').hello(require('JSShape').alloc().init())); // expect: hello
