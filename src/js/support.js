// SPDX-License-Identifier: MIT
// The globals of scripts (docs/design/javascript.md), over the functions of native.c. Evaluated once, as one function.
(function (native) {
    var G = globalThis, current; // current: the class whose body runs, for super and the original

    function hide(object, name, value) {
        Object.defineProperty(object, name, {value: value, writable: true, configurable: true, enumerable: false});
    }

    G.global = G;
    G.self = undefined;
    G.YES = 1;
    G.NO = 0;
    G.nsnull = native.nsnull();

    // ---- Bodies ----

    // What native code calls: self in front of the arguments.
    function entry(fn, cls) {
        return function (me, a, b, c) {
            var outer = self, above = current;
            self = me;
            current = cls;
            try {
                switch (arguments.length) {
                case 1: return fn.call(me);
                case 2: return fn.call(me, a);
                case 3: return fn.call(me, a, b);
                case 4: return fn.call(me, a, b, c);
                default: return fn.apply(me, Array.prototype.slice.call(arguments, 1));
                }
            } finally {
                self = outer;
                current = above;
            }
        };
    }

    // What other scripts call: nothing is converted.
    function short(fn, cls, parameters) {
        var made = function () {
            var outer = self, above = current;
            self = this;
            current = cls;
            try {
                return fn.apply(this, arguments);
            } finally {
                self = outer;
                current = above;
            }
        };
        if (fn.length === 1)
            made = function (a) {
                var outer = self, above = current;
                self = this;
                current = cls;
                try {
                    return arguments.length === 1 ? fn.call(this, a) : fn.apply(this, arguments);
                } finally {
                    self = outer;
                    current = above;
                }
            };
        hide(made, 'parameters', parameters);
        return made;
    }

    // The same for a message to super: the receiver stays what it is.
    function superShort(fn) {
        return function () { return fn.apply(this.__self, arguments); };
    }

    // Blocks keep the self and the class of the moment they were made.
    function blockEntry(fn) {
        var me = self, cls = current;
        return function () {
            var outer = self, above = current;
            self = me;
            current = cls;
            try {
                return fn.apply(me, arguments);
            } finally {
                self = outer;
                current = above;
            }
        };
    }

    hide(Object.prototype, 'super', function () {
        var above = native.superOf(this, current, self);
        if (above)
            hide(above, '__self', this.__self || this);
        return above;
    });
    hide(Object.prototype, 'performSelector', function (selector) {
        return native.send(this, selector, Array.prototype.slice.call(arguments, 1));
    });
    hide(Object.prototype, 'performSelectorInOC', function (selector, args, callback) {
        return native.after(this, selector, args || [], callback && blockEntry(callback));
    });
    ['toJS'].forEach(function (name) {
        hide(Object.prototype, name, function () { return plain(this); });
    });

    function plain(boxed) {
        return boxed instanceof String || boxed instanceof Number || boxed instanceof Boolean ? boxed.valueOf() : boxed;
    }

    // Scripts of 2015 expect native collections where later ones get JavaScript's: unknown names are tried natively.
    var lookup = native.lookup();
    [String, Number, Boolean, Array, Date].forEach(function (type) {
        Object.setPrototypeOf(type.prototype, lookup);
    });
    // Plain objects cannot look up; these are the names dictionaries were read with.
    ['objectForKey', 'allKeys', 'allValues', 'setObject_forKey', 'objectForKeyedSubscript'].forEach(function (name) {
        hide(Object.prototype, name, function () { return lookup[name].apply(this, arguments); });
    });

    // ---- Classes ----

    function requireOne(name) {
        var known;
        if (!name)
            return undefined;
        known = G[name];
        if (known && native.isClassRef(known))
            return known;
        if (known && !native.hasClass(name))
            return known;
        var ref = native.classRef(name);
        if (!known)
            G[name] = ref;
        return ref;
    }

    G.require = function () {
        var last;
        for (var i = 0; i < arguments.length; i++)
            String(arguments[i]).split(',').forEach(function (name) {
                name = name.trim();
                if (name)
                    last = requireOne(name);
            });
        return last;
    };

    function parseDeclaration(text) {
        var protocols = [], open = text.indexOf('<');
        if (open >= 0) {
            var close = text.indexOf('>', open);
            protocols = text.slice(open + 1, close < 0 ? text.length : close).split(',')
                .map(function (p) { return p.trim(); }).filter(Boolean);
            text = text.slice(0, open);
        }
        var colon = text.indexOf(':');
        return {
            name: (colon < 0 ? text : text.slice(0, colon)).trim(),
            parent: colon < 0 ? '' : text.slice(colon + 1).trim(),
            protocols: protocols
        };
    }

    function collect(methods, table, cls, classSide) {
        Object.keys(table || {}).forEach(function (key) {
            var fn = table[key];
            if (typeof fn !== 'function') {
                native.report('defineClass: ' + key + ' is not a function');
                return;
            }
            methods.push({key: key, parameters: fn.length, entry: entry(fn, cls), short: short(fn, cls, fn.length),
                          classSide: classSide, accessor: accessors.has(fn)});
        });
    }

    var accessors = new WeakSet();
    function accessor(fn) {
        accessors.add(fn);
        return fn;
    }

    function addProperty(table, name) {
        var setter = 'set' + name.charAt(0).toUpperCase() + name.slice(1);
        if (!Object.prototype.hasOwnProperty.call(table, name))
            table[name] = accessor(function () { return native.stored(self, name); });
        if (!Object.prototype.hasOwnProperty.call(table, setter))
            table[setter] = accessor(function (value) { native.store(self, name, value); });
    }

    function defineFor(script) {
        return function (declaration, properties, instance, statics) {
            var d = parseDeclaration(String(declaration)), methods = [];
            if (!Array.isArray(properties)) {
                statics = instance;
                instance = properties;
                properties = [];
            }
            if (properties.length)
                instance = Object.assign({}, instance);
            properties.forEach(function (name) { addProperty(instance, String(name).trim()); });
            var ref = native.classRef(d.name);
            collect(methods, instance, ref, false);
            collect(methods, statics, ref, true);
            native.define(script, d.name, d.parent || 'NSObject', d.protocols, methods);
            if (!G[d.name] || native.isClassRef(G[d.name]))
                G[d.name] = native.classRef(d.name);
            return native.classRef(d.name);
        };
    }

    // ---- Protocols ----

    function encodingOf(name) {
        var text = native.encoding(name);
        if (text === undefined)
            native.report('unreconized type ' + name);
        return text;
    }

    function typesOf(entry) {
        if (entry.typeEncode)
            return entry.typeEncode;
        var result = entry.returnType && entry.returnType.trim() ? encodingOf(entry.returnType.trim()) : 'v';
        return split(entry.paramsType).reduce(function (text, name) {
            var one = encodingOf(name);
            return text === undefined || one === undefined ? undefined : text + one;
        }, result === undefined ? undefined : result + '@:');
    }

    function split(types) {
        return (types || '').split(',').map(function (t) { return t.trim(); }).filter(Boolean);
    }

    G.defineProtocol = function (name, instance, statics) {
        var entries = [];
        [instance, statics].forEach(function (table, side) {
            Object.keys(table || {}).forEach(function (key) {
                var types = typesOf(table[key]);
                if (types !== undefined)
                    entries.push([key, split(table[key].paramsType).length, types, side === 1]);
            });
        });
        native.defineProtocol(String(name).trim(), entries);
    };
    G.protocol = native.protocol;

    // ---- Classes of JavaScript alone ----

    var made = {};
    G.defineJSClass = function (declaration, instance, statics) {
        var d = parseDeclaration(String(declaration)), parent = made[d.parent];
        var proto = Object.create(parent ? parent.proto : Object.prototype);
        var cls = Object.create(parent ? parent.cls : Object.prototype);
        Object.keys(instance || {}).forEach(function (key) { proto[key] = bindSuper(instance[key], proto); });
        Object.keys(statics || {}).forEach(function (key) { cls[key] = statics[key]; });
        if (!parent)
            hide(proto, 'init', proto.init || function () { return this; });
        cls.alloc = function () { return Object.create(proto); };
        made[d.name] = {proto: proto, cls: cls};
        G[d.name] = cls;
        return cls;
    };

    // this.super() inside a method means the prototype above the one that has it, with the same this.
    function bindSuper(fn, proto) {
        if (typeof fn !== 'function')
            return fn;
        return function () {
            var me = this, outer = Object.getOwnPropertyDescriptor(me, 'super');
            hide(me, 'super', function () {
                var above = Object.getPrototypeOf(proto);
                return new Proxy(me, {get: function (target, name) {
                    var value = above[name];
                    return typeof value === 'function' ? value.bind(me) : value;
                }});
            });
            try {
                return fn.apply(me, arguments);
            } finally {
                if (outer)
                    Object.defineProperty(me, 'super', outer);
                else
                    delete me.super;
            }
        };
    }

    // ---- Blocks ----

    G.block = function (types, fn) {
        if (typeof types === 'function') {
            fn = types;
            types = '';
        }
        var names = split(types), result = '@', list;
        if (names.length === fn.length + 1) {
            result = encodingOf(names[0]);
            list = names.slice(1);
        } else {
            list = names;
        }
        while (list.length < fn.length)
            list.push('id');
        return native.made(list.reduce(function (text, name) { return text + (encodingOf(name) || '@'); },
                                       (result || '@') + '@?'), blockEntry(fn), fn);
    };

    // ---- Values ----

    G.__weak = native.weak;
    G.__strong = native.strong;
    G.autoConvertOCType = function (on) { native.set('convert', on); };
    G.convertOCNumberToString = function (on) { native.set('strings', on); };
    G.po = function (value) { return native.text(value); };

    var printed = G.console || {};
    printed.log = function () {
        for (var i = 0; i < arguments.length; i++)
            native.log('JSPatch.log: ' + native.text(arguments[i]));
    };
    ['info', 'warn', 'error', 'debug'].forEach(function (name) { printed[name] = printed.log; });
    hide(G, 'console', printed);

    // ---- Queues and time ----

    G.dispatch_after = native.afterMain;
    G.dispatch_async_main = native.asyncMain;
    G.dispatch_sync_main = native.syncMain;
    G.dispatch_async_global_queue = native.asyncGlobal;

    var timers = {}, lastTimer = 0;
    function timer(fn, milliseconds, args, again) {
        var id = ++lastTimer;
        timers[id] = true;
        (function arm() {
            native.afterMain((milliseconds || 0) / 1000, function () {
                if (!timers[id])
                    return;
                if (again)
                    arm();
                else
                    delete timers[id];
                fn.apply(undefined, args);
            });
        })();
        return id;
    }
    G.setTimeout = function (fn, milliseconds) {
        return timer(fn, milliseconds, Array.prototype.slice.call(arguments, 2), false);
    };
    G.setInterval = function (fn, milliseconds) {
        return timer(fn, milliseconds, Array.prototype.slice.call(arguments, 2), true);
    };
    G.clearTimeout = G.clearInterval = function (id) { delete timers[id]; };

    // ---- The extensions ----

    ['malloc', 'free', 'memset', 'memcpy', 'memmove', 'pval', 'pvalBool', 'getPointer', 'sizeof', '__bridge_id', 'CFRetain',
     'CFRelease', 'assignPointer', 'assignScalarTypePointer', 'autoreleasepool', 'newStruct', 'pvalStruct',
     'releaseTmpObj'].forEach(function (name) { hide(G, name, native[name]); });

    hide(G, 'defineCFunction', function (name, types) {
        var list = split(types), encoding = list.map(encodingOf).join('');
        if (list.length === 2 && list[1] === 'void')
            encoding = encodingOf(list[0]);
        G[name] = function () { return native.callC(name, encoding, Array.prototype.slice.call(arguments)); };
    });
    hide(G, 'OCNumber', function (cls, selector, args) {
        return native.hasClass(cls) ? native.strong(native.raw(native.classRef(cls), selector, args || [])) : undefined;
    });
    hide(G, 'toOCNumber', native.number);
    hide(G, 'toJSNumber', native.toJSNumber);

    hide(G, 'synchronized', native.synchronized);

    // JPDispatch: libdispatch's interface; work is functions, times are seconds from now.
    ['dispatch_get_main_queue', 'dispatch_get_global_queue', 'dispatch_queue_create', 'dispatch_async', 'dispatch_sync',
     'dispatch_barrier_async', 'dispatch_barrier_sync', 'dispatch_group_create', 'dispatch_group_async',
     'dispatch_group_wait', 'dispatch_group_notify', 'dispatch_group_enter', 'dispatch_group_leave'].forEach(function (name) {
        hide(G, name, function () {
            return native.queueCall(name, Array.prototype.map.call(arguments, function (a) {
                return typeof a === 'function' ? native.made('v@?', blockEntry(a), a) : a;
            }));
        });
    });
    hide(G, 'dispatch_time', function (seconds) { return native.queueCall('dispatch_time', [0, seconds * 1e9]); });
    hide(G, 'dispatch_apply', function (count, queue, fn) {
        native.queueCall('dispatch_apply', [count, queue, native.made('v@?Q', blockEntry(fn), fn)]);
    });
    var constants = {
        DISPATCH_QUEUE_PRIORITY_HIGH: 2, DISPATCH_QUEUE_PRIORITY_DEFAULT: 0, DISPATCH_QUEUE_PRIORITY_LOW: -2,
        DISPATCH_QUEUE_PRIORITY_BACKGROUND: -32768, DISPATCH_TIME_NOW: 0, DISPATCH_TIME_FOREVER: 18446744073709551615n,
        DISPATCH_QUEUE_SERIAL: null, DISPATCH_QUEUE_CONCURRENT: 1
    };
    Object.keys(constants).forEach(function (name) { hide(G, name, constants[name]); });

    // What scripts call of the host's interface, in processes that do not have it.
    hide(G, 'JPEngine', {
        addExtensions: function (names) { [].concat(names).forEach(extend); },
        defineStruct: function (d) { native.defineStruct(d.name, d.types, d.keys); }
    });
    hide(G, 'JPCleaner', {
        cleanAll: function () { native.clean(); },
        cleanClass: function (name) { native.clean(name); }
    });

    // What an extension adds that is not there from the start: the C binders, one function for all of them.
    function extend(name) {
        var binders = native.binders;
        if (!binders || !/^JP(CG|CoreGraphics|UI)/.test(name))
            return;
        delete native.binders;
        binders()(native, hide);
    }

    // ---- What scripts leave in the global object, so that it goes with them. Class references are everybody's. ----

    var language = new Set(Object.getOwnPropertyNames(G));

    function globals() {
        var found = new Map();
        Object.getOwnPropertyNames(G).forEach(function (name) {
            if (!language.has(name))
                found.set(name, G[name]);
        });
        return found;
    }

    // [name, is new, value before, value after] of each that differs.
    function globalsSince(before) {
        var changes = [];
        globals().forEach(function (value, name) {
            if (!native.isClassRef(value) && !(before.has(name) && before.get(name) === value))
                changes.push([name, !before.has(name), before.get(name), value]);
        });
        return changes;
    }

    // A later script that names a global keeps it, and takes it along when it goes.
    function takeBack(script, changes) {
        changes.reverse().forEach(function (c) {
            var heir = native.names(script, c[0]);
            if (heir)
                native.inherit(heir, [c]);
            else if (c[1])
                delete G[c[0]];
            else if (G[c[0]] === c[3])
                G[c[0]] = c[2];
        });
    }

    // ---- Scripts ----

    function scope(script) {
        return [defineFor(script), function (path) { native.include(script, path); },
                function (path) { return native.resourcePath(script, path); }];
    }
    G.defineClass = defineFor(0);

    return {
        scope: scope,
        plain: plain,
        blockEntry: blockEntry,
        superShort: superShort,
        extend: extend,
        tellStack: function (error) {
            Object.defineProperty(error, 'nativeStack', {configurable: true, get: function () {
                var symbols = native.send(this.nativeException, 'callStackSymbols', []);
                return symbols ? native.text(native.send(symbols, 'componentsJoinedByString:', ['\n'])) : '';
            }});
        },
        globals: globals,
        globalsSince: globalsSince,
        joined: function (a, b) { return a.concat(b); },
        takeBack: takeBack,
        send: function (receiver, selector, args) { return native.send(receiver, selector, args); },
        running: function () { return current; }
    };
})
