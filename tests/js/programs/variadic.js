// SPDX-License-Identifier: MIT
// More arguments than parameters.
require('NSString,JSShape,NSArray');
console.log(NSString.stringWithFormat('%@-%@-%@', 1, 'two', 3.5).toJS()); // expect: 1-two-3.5
console.log(JSShape.alloc().init().join('a', 'b', 'c', null).toJS()); // expect: <a><b><c>
console.log(NSArray.arrayWithObjects('1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', null).count()); // expect: 12
// A method without a result takes a list as well.
require('NSMutableString');
var text = NSMutableString.string();
text.appendFormat('%@ and %@', 1, 'two');
console.log(text); // expect: 1 and two
