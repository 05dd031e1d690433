// SPDX-License-Identifier: MIT
// fails: SyntaxError
defineClass('JSShape', {
    hello: function () { return 'never' 
});
