x = ok ? a.b : (c); y = ok ? a.b:(c) : d; z = @{a.b: c.d:(e), f: g}; list.insertObject:atIndex:(v, 0); a.b()(1).c;
