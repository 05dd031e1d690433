a = 0; b = 017; c = 0x1F; d = 0b101; e = 1e3; f = 5.f; g = .5; h = 10uLL; i = 1.foo(); j = 0x1p4; k = 1.5L;
