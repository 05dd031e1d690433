// SPDX-License-Identifier: MIT
// require: lists, inline use, names nobody has, names JavaScript has.
console.log(require('NSString').stringWithString('in line').toJS()); // expect: in line
require('NSArray , NSDictionary,NSSet', 'NSNumber');
console.log(NSArray.array().count(), NSSet.set().count()); // expect: 0
// expect: 0
require('UIView+Something');
require('NSMutableArray array');
require('NSDate,');
console.log(require('Date') === Date, new Date(0).getTime()); // expect: 1
// expect: 0
console.log(NSArray.__clsName); // expect: NSArray
try { notRequired.foo(); } catch (e) { console.log(e instanceof ReferenceError); } // expect: 1
console.log(defineClass('JSShape', {}).__clsName, JSShape.species().toJS()); // expect: JSShape
// expect: shape
NSArray.note = 'kept';
console.log(require('NSArray').note); // expect: kept
