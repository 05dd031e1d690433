// SPDX-License-Identifier: MIT
// performSelectorInOC: sends outside of the script, chained.
require('JSShape,JSCaller');
defineClass('JSShape', {
    greet: function (name) {
        return self.performSelectorInOC('sd_name:', ['one'], function (r) {
            var first = r.toJS();
            return self.performSelectorInOC('hello', [], function (h) { return first + ' ' + h.toJS() + ' ' + name.toJS(); });
        });
    }
});
console.log(JSCaller.perform_on_with('greet:', JSShape.alloc().init(), 'x').toJS()); // expect: sd one hello x
