// SPDX-License-Identifier: MIT
// Underscores and colons.
require('JSShape');
var s = JSShape.alloc().init();
console.log(s.__private().toJS()); // expect: private
console.log(s.sd__name('x').toJS()); // expect: sd x
console.log(s.performSelector('add:to:', 3, 4)); // expect: 7
console.log(s.performSelector('sd_name:', 'y').toJS()); // expect: sd y
defineClass('JSShape', {
    __private: function () { return 'mine and ' + self.ORIG__private().toJS(); },
    sd__name: function (x) { return 'new ' + x.toJS(); },
    handleTap: function () { return 1; },
    oneColon: function (x) { return x; }
});
console.log(s.__private().toJS === String.prototype.toJS, s.performSelector('_private').toJS()); // expect: 1
// expect: mine and private
console.log(s.performSelector('sd_name:', 'z').toJS()); // expect: new z
console.log(s.respondsToSelector('handleTap'), s.respondsToSelector('handleTap:'), s.respondsToSelector('oneColon:')); // expect: 1
// expect: 0
// expect: 1
