// SPDX-License-Identifier: MIT
// Nothing of a source is damaged; it may use all of today's language.
require('JSShape');
var s = JSShape.alloc().init();
console.log("a.b(c) \. 'x'.y(z)"); // expect: a.b(c) . 'x'.y(z)
console.log(/a.b(c)/.source, `t.${s.add_to(1, 2)}.u(v)`); // expect: a.b(c)
// expect: t.3.u(v)
// a comment that ends in .word
(function () { console.log('swallowed nothing'); })(); // expect: swallowed nothing
var ns = {Type: function (x) { this.x = x; }};
console.log(new ns.Type(4).x); // expect: 4
class A { #p = 1; static make() { return new A(); } get p() { return this.#p; } async later() { return await 5; } }
console.log(A.make().p, [...'ab'].map(c => c + c).join(), {a: {b: 3}}?.a?.b ?? 1); // expect: 1
// expect: aa,bb
// expect: 3
let {length: n} = 'four'; const k = 2 ** 3;
console.log(n, k); // expect: 4
// expect: 8
var $ = {é: function (x) { return x * 2; }};
console.log($.é(4)); // expect: 8
if (n) return;
console.log('not reached');
