// SPDX-License-Identifier: MIT
// Exceptions both ways; an error in a method gives zero and is reported, and self is what it was.
require('JSShape,JSCaller');
var s = JSShape.alloc().init();
try { s.raise('for the script'); } catch (e) { console.log(e.name + ': ' + e.reason); } // expect: Raised: for the script
defineClass('JSShape', {
    hello: function () { throw new Error('mine'); },
    title: function () { self.raise('native again'); return 'no'; },
    greet: function (n) { try { self.hello(); } catch (e) { return 'caught ' + e.message; } }
});
console.log(JSCaller.hello(s) === false); // report: msg: Error: mine, 
// expect: 1
console.log(s.greet('x')); // expect: caught mine
try { JSCaller.perform_on('title', s); } catch (e) { console.log('through two: ' + e.reason); } // expect: through two: native again
console.log(self === undefined); // expect: 1
