// SPDX-License-Identifier: MIT
// What fix.m says, as a script in JSPatch's language.
defineClass('UIxPageFrame', {
    title: function () {
        return self.ORIGtitle().stringByAppendingString(' of Example Ltd');
    }
});
