// SPDX-License-Identifier: MIT
// What JPCoreGraphics and JPUIKit add: C functions under their own names, with structs as plain flat objects. Geometry is
// computed here; what draws is looked up in the process when it is called. Evaluated when an extension of these is added.
(function (native, hide) {
    var G = globalThis, NULL_RECT = {x: Infinity, y: Infinity, width: 0, height: 0};

    function point(x, y) { return {x: x, y: y}; }
    function size(width, height) { return {width: width, height: height}; }
    function rect(x, y, width, height) { return {x: x, y: y, width: width, height: height}; }
    function insets(top, left, bottom, right) { return {top: top, left: left, bottom: bottom, right: right}; }
    function transform(a, b, c, d, tx, ty) { return {a: a, b: b, c: c, d: d, tx: tx, ty: ty}; }

    function same(keys) {
        return function (one, two) { return keys.every(function (key) { return one[key] === two[key]; }); };
    }

    // ---- Rectangles; a negative width or height means the same rectangle from its other corner ----

    function standard(r) {
        return rect(Math.min(r.x, r.x + r.width), Math.min(r.y, r.y + r.height), Math.abs(r.width), Math.abs(r.height));
    }
    function isNull(r) { return r.x === Infinity || r.y === Infinity; }
    function isEmpty(r) { return isNull(r) || r.width === 0 || r.height === 0; }
    function minX(r) { return Math.min(r.x, r.x + r.width); }
    function minY(r) { return Math.min(r.y, r.y + r.height); }
    function maxX(r) { return Math.max(r.x, r.x + r.width); }
    function maxY(r) { return Math.max(r.y, r.y + r.height); }

    function between(left, top, right, bottom) { return rect(left, top, right - left, bottom - top); }

    function intersection(one, two) {
        if (isNull(one) || isNull(two))
            return Object.assign({}, NULL_RECT);
        var left = Math.max(minX(one), minX(two)), right = Math.min(maxX(one), maxX(two));
        var top = Math.max(minY(one), minY(two)), bottom = Math.min(maxY(one), maxY(two));
        return left > right || top > bottom ? Object.assign({}, NULL_RECT) : between(left, top, right, bottom);
    }

    function union(one, two) {
        if (isNull(one) || isNull(two))
            return standard(isNull(one) ? two : one);
        return between(Math.min(minX(one), minX(two)), Math.min(minY(one), minY(two)), Math.max(maxX(one), maxX(two)),
                       Math.max(maxY(one), maxY(two)));
    }

    function inset(r, dx, dy) {
        var s = standard(r), left = s.x + dx, top = s.y + dy, width = s.width - 2 * dx, height = s.height - 2 * dy;
        return width < 0 || height < 0 ? Object.assign({}, NULL_RECT) : rect(left, top, width, height);
    }

    var rectangles = {
        CGPointMake: point, CGSizeMake: size, CGRectMake: rect,
        CGVectorMake: function (dx, dy) { return {dx: dx, dy: dy}; },
        NSMakePoint: point, NSMakeSize: size, NSMakeRect: rect,
        NSMakeRange: function (location, length) { return {location: location, length: length}; },
        CGRectGetMinX: minX, CGRectGetMinY: minY, CGRectGetMaxX: maxX, CGRectGetMaxY: maxY,
        CGRectGetMidX: function (r) { return r.x + r.width / 2; },
        CGRectGetMidY: function (r) { return r.y + r.height / 2; },
        CGRectGetWidth: function (r) { return Math.abs(r.width); },
        CGRectGetHeight: function (r) { return Math.abs(r.height); },
        CGPointEqualToPoint: same(['x', 'y']),
        CGSizeEqualToSize: same(['width', 'height']),
        CGRectEqualToRect: function (one, two) {
            return same(['x', 'y', 'width', 'height'])(standard(one), standard(two));
        },
        CGRectStandardize: standard, CGRectIsEmpty: isEmpty, CGRectIsNull: isNull,
        CGRectIsInfinite: function (r) { return r.width === Infinity && r.height === Infinity; },
        CGRectInset: inset, CGRectUnion: union, CGRectIntersection: intersection,
        CGRectIntegral: function (r) {
            var s = standard(r);
            return between(Math.floor(s.x), Math.floor(s.y), Math.ceil(s.x + s.width), Math.ceil(s.y + s.height));
        },
        CGRectOffset: function (r, dx, dy) {
            var s = standard(r);
            return rect(s.x + dx, s.y + dy, s.width, s.height);
        },
        CGRectContainsPoint: function (r, p) {
            return !isEmpty(r) && p.x >= minX(r) && p.x < maxX(r) && p.y >= minY(r) && p.y < maxY(r);
        },
        CGRectContainsRect: function (one, two) {
            return !isNull(one) && same(['x', 'y', 'width', 'height'])(standard(one), union(one, two));
        },
        CGRectIntersectsRect: function (one, two) { return !isNull(intersection(one, two)); }
    };

    // ---- Transforms: [x y 1] * [a b 0; c d 0; tx ty 1] ----

    function concat(one, two) {
        return transform(one.a * two.a + one.b * two.c, one.a * two.b + one.b * two.d,
                         one.c * two.a + one.d * two.c, one.c * two.b + one.d * two.d,
                         one.tx * two.a + one.ty * two.c + two.tx, one.tx * two.b + one.ty * two.d + two.ty);
    }
    function move(tx, ty) { return transform(1, 0, 0, 1, tx, ty); }
    function scale(x, y) { return transform(x, 0, 0, y, 0, 0); }
    function turn(angle) {
        return transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0);
    }
    function applied(p, t) { return point(t.a * p.x + t.c * p.y + t.tx, t.b * p.x + t.d * p.y + t.ty); }

    var sameTransform = same(['a', 'b', 'c', 'd', 'tx', 'ty']);
    var transforms = {
        CGAffineTransformMake: transform, CGAffineTransformMakeTranslation: move, CGAffineTransformMakeScale: scale,
        CGAffineTransformMakeRotation: turn, CGAffineTransformConcat: concat,
        CGAffineTransformEqualToTransform: sameTransform,
        CGAffineTransformIsIdentity: function (t) { return sameTransform(t, move(0, 0)); },
        CGAffineTransformTranslate: function (t, tx, ty) { return concat(move(tx, ty), t); },
        CGAffineTransformScale: function (t, x, y) { return concat(scale(x, y), t); },
        CGAffineTransformRotate: function (t, angle) { return concat(turn(angle), t); },
        CGAffineTransformInvert: function (t) {
            var by = t.a * t.d - t.b * t.c;
            return by === 0 ? Object.assign({}, t)
                            : transform(t.d / by, -t.b / by, -t.c / by, t.a / by,
                                        (t.c * t.ty - t.d * t.tx) / by, (t.b * t.tx - t.a * t.ty) / by);
        },
        CGPointApplyAffineTransform: applied,
        CGSizeApplyAffineTransform: function (s, t) {
            return size(t.a * s.width + t.c * s.height, t.b * s.width + t.d * s.height);
        },
        CGRectApplyAffineTransform: function (r, t) {
            var corners = [point(minX(r), minY(r)), point(maxX(r), minY(r)), point(minX(r), maxY(r)), point(maxX(r), maxY(r))]
                .map(function (p) { return applied(p, t); });
            var xs = corners.map(function (p) { return p.x; }), ys = corners.map(function (p) { return p.y; });
            return between(Math.min.apply(null, xs), Math.min.apply(null, ys), Math.max.apply(null, xs),
                           Math.max.apply(null, ys));
        }
    };

    // ---- UIKit's ----

    function parsed(make) {
        return function (text) {
            var numbers = (native.text(text).match(/-?\d+(\.\d+)?(e[-+]?\d+)?/gi) || []).map(Number);
            while (numbers.length < make.length)
                numbers.push(0);
            return make.apply(null, numbers.slice(0, make.length));
        };
    }
    function written(keys) {
        return function (value) { return '{' + keys.map(function (key) { return value[key]; }).join(', ') + '}'; };
    }
    function offset(horizontal, vertical) { return {horizontal: horizontal, vertical: vertical}; }

    var kit = {
        UIEdgeInsetsMake: insets, UIOffsetMake: offset,
        UIEdgeInsetsEqualToEdgeInsets: same(['top', 'left', 'bottom', 'right']),
        UIOffsetEqualToOffset: same(['horizontal', 'vertical']),
        UIEdgeInsetsInsetRect: function (r, by) {
            return rect(r.x + by.left, r.y + by.top, r.width - by.left - by.right, r.height - by.top - by.bottom);
        },
        CGPointFromString: parsed(point), CGSizeFromString: parsed(size), CGRectFromString: parsed(rect),
        CGVectorFromString: parsed(rectangles.CGVectorMake), CGAffineTransformFromString: parsed(transform),
        UIEdgeInsetsFromString: parsed(insets), UIOffsetFromString: parsed(offset),
        NSStringFromCGPoint: written(['x', 'y']), NSStringFromCGSize: written(['width', 'height']),
        NSStringFromCGVector: written(['dx', 'dy']),
        NSStringFromCGRect: function (r) { return '{{' + r.x + ', ' + r.y + '}, {' + r.width + ', ' + r.height + '}}'; },
        NSStringFromCGAffineTransform: function (t) {
            return '[' + [t.a, t.b, t.c, t.d, t.tx, t.ty].join(', ') + ']';
        },
        NSStringFromUIEdgeInsets: written(['top', 'left', 'bottom', 'right']),
        NSStringFromUIOffset: written(['horizontal', 'vertical'])
    };

    // ---- What draws: name, result and arguments. p pointer, d number, B flag, i and Q integers, P S R T structs ----

    var LETTERS = {p: '^v', d: 'd', B: 'B', i: 'i', Q: 'Q', '@': '@', v: 'v', P: '{CGPoint=dd}', S: '{CGSize=dd}',
                   R: '{CGRect={CGPoint=dd}{CGSize=dd}}', T: '{CGAffineTransform=dddddd}'};
    var drawing = 'CGContextSaveGState vp,CGContextRestoreGState vp,CGContextScaleCTM vpdd,CGContextTranslateCTM vpdd,' +
        'CGContextRotateCTM vpd,CGContextConcatCTM vpT,CGContextGetCTM Tp,CGContextSetLineWidth vpd,' +
        'CGContextSetLineCap vpi,CGContextSetLineJoin vpi,CGContextSetMiterLimit vpd,CGContextSetAlpha vpd,' +
        'CGContextSetBlendMode vpi,CGContextBeginPath vp,CGContextMoveToPoint vpdd,CGContextAddLineToPoint vpdd,' +
        'CGContextAddCurveToPoint vpdddddd,CGContextAddQuadCurveToPoint vpdddd,CGContextClosePath vp,' +
        'CGContextAddRect vpR,CGContextAddEllipseInRect vpR,CGContextAddArc vpdddddi,CGContextAddArcToPoint vpddddd,' +
        'CGContextAddPath vpp,CGContextIsPathEmpty Bp,CGContextGetPathCurrentPoint Pp,' +
        'CGContextGetPathBoundingBox Rp,CGContextDrawPath vpi,CGContextFillPath vp,CGContextEOFillPath vp,' +
        'CGContextStrokePath vp,CGContextFillRect vpR,CGContextStrokeRect vpR,CGContextStrokeRectWithWidth vpRd,' +
        'CGContextClearRect vpR,CGContextFillEllipseInRect vpR,CGContextStrokeEllipseInRect vpR,CGContextClip vp,' +
        'CGContextEOClip vp,CGContextClipToRect vpR,CGContextGetClipBoundingBox Rp,CGContextSetFillColorWithColor vpp,' +
        'CGContextSetStrokeColorWithColor vpp,CGContextSetRGBFillColor vpdddd,CGContextSetRGBStrokeColor vpdddd,' +
        'CGContextSetGrayFillColor vpdd,CGContextSetGrayStrokeColor vpdd,CGContextSetShadow vpSd,' +
        'CGContextSetShadowWithColor vpSdp,CGContextDrawImage vpRp,CGContextSetInterpolationQuality vpi,' +
        'CGContextFlush vp,CGContextRelease vp,CGColorCreate ppp,CGColorCreateCopy pp,' +
        'CGColorCreateCopyWithAlpha ppd,CGColorEqualToColor Bpp,CGColorGetNumberOfComponents Qp,' +
        'CGColorGetAlpha dp,CGColorGetColorSpace pp,CGColorRelease vp,CGColorRetain pp,CGColorSpaceCreateDeviceRGB p,' +
        'CGColorSpaceCreateDeviceGray p,CGColorSpaceRelease vp,CGImageGetWidth Qp,CGImageGetHeight Qp,' +
        'CGImageGetBitsPerComponent Qp,CGImageGetBytesPerRow Qp,CGImageCreateCopy pp,' +
        'CGImageCreateWithImageInRect ppR,CGImageRelease vp,CGImageRetain pp,CGPathCreateMutable p,' +
        'CGPathCreateCopy pp,CGPathCloseSubpath vp,CGPathGetBoundingBox Rp,CGPathGetCurrentPoint Pp,CGPathIsEmpty Bp,' +
        'CGPathRelease vp,CGPathRetain pp,CGBitmapContextCreate ppQQQQpi,CGBitmapContextCreateImage pp,' +
        'CGBitmapContextGetData pp,CGBitmapContextGetWidth Qp,CGBitmapContextGetHeight Qp,' +
        'UIGraphicsGetCurrentContext p,UIGraphicsPushContext vp,UIGraphicsPopContext v,UIGraphicsBeginImageContext vS,' +
        'UIGraphicsBeginImageContextWithOptions vSBd,UIGraphicsGetImageFromCurrentImageContext @,' +
        'UIGraphicsEndImageContext v,UIRectFill vR,UIRectFrame vR,UIRectClip vR,UIImagePNGRepresentation @@,' +
        'UIImageJPEGRepresentation @@d';

    function bind(entry) {
        var parts = entry.split(' '), name = parts[0];
        var encoding = parts[1].split('').map(function (letter) { return LETTERS[letter]; }).join('');
        hide(G, name, function () {
            if (!native.hasC(name))
                throw new Error(name + ' is not a function of this process');
            return native.callC(name, encoding, Array.prototype.slice.call(arguments));
        });
    }

    [rectangles, transforms, kit].forEach(function (table) {
        Object.keys(table).forEach(function (name) { hide(G, name, table[name]); });
    });
    drawing.split(',').forEach(bind);
})
