// SPDX-License-Identifier: MIT
// defineClass: new classes, protocols, private methods, odd spellings.
defineClass('JSMadeHere : JSShape <JSDelegate, NotThereAtAll>', {
    init: function () { self = self.super().init(); if (self) { self.setTitle('made'); } return self; },
    count_of: function (a, b) { return a + b; },
    place: function (range) { return {x: range.location, y: range.length, width: 1, height: 1}; },
    plain: function (a, b) { return a; },
    _private: function () { return 'scripts only'; },
    _hidden_of: function (a, b) { return a.length + b; },
    callsHidden: function () { return self._hidden_of('four', 1); },
    notFunction: 5
}, {
    made: function () { return 7; },
    helper: function () { return 'class ' + self.species().toJS(); }
}); // report: notFunction is not a function
require('JSCaller,NSClassFromString');
var it = require('JSMadeHere').alloc().init();
console.log(it.title().toJS()); // expect: made
console.log(it.count_of(2, 0.5)); // expect: 2.5
console.log(it.performSelector('count:of:', 2, 5)); // expect: 7
console.log(it.performSelector('place:', {location: 3, length: 4}).y); // expect: 4
console.log(it.callsHidden()); // expect: 5
console.log(it._private()); // expect: scripts only
console.log(JSMadeHere.made(), JSMadeHere.performSelector('made')); // expect: 7
// expect: 7
console.log(JSMadeHere.helper()); // expect: class shape
console.log(JSCaller.make('JSMadeHere').title().toJS()); // expect: made
defineClass('JSMadeLater:JSMadeHere<JSDelegate>');
defineClass('JSMadeAfter:JSMadeLater', [], {});
console.log(require('JSMadeAfter').alloc().init().callsHidden()); // expect: 5
defineClass('JSOnlyName <JSDelegate>', {count_of: function (a, b) { return 9; }});
console.log(require('JSOnlyName').alloc().init().performSelector('count:of:', 1, 2)); // expect: 9
try { defineClass('JSNo : NotThere', {}); } catch (e) { console.log('threw'); } // report: can't find the super class NotThere
// expect: threw
defineClass ('JSMadeHere', {second: function () { return 'merged ' + self.callsHidden(); }});
console.log(it.second()); // expect: merged 5
