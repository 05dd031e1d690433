// SPDX-License-Identifier: MIT
// defineJSClass: single inheritance, state of each instance.
defineJSClass('Animal', {
    init: function () { this.super && (this.legs = 4); return this; },
    walk: function () { return this.name() + ' on ' + this.legs; },
    name: function () { return 'animal'; }
}, {create: function () { return this.alloc().init(); }});
defineJSClass('Bird : Animal', {
    init: function () { this.super().init(); this.legs = 2; return this; },
    name: function () { return 'bird, no ' + this.super().name(); }
});
console.log(Animal.create().walk(), Bird.create().walk()); // expect: animal on 4
// expect: bird, no animal on 2
