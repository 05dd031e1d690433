declare struct Span { typeEncoding: "{Span=qq}", keys: start, stop }
struct Span s = {stop: 4}; s = {start: 1, stop: 2};
