// SPDX-License-Identifier: MIT
// The globals of scripts, for editors: put `/// <reference path="…/mend-script.d.ts" />` at the top of a patch.
// What they mean is in docs/design/javascript.md.

/** An Objective-C object or class: any method may be called, with `_` for `:` and `__` for `_`. */
type ObjC = any;
/** What block() gives: it can be passed to native code, not called. */
interface ObjCBlock { readonly __block: unique symbol }
/** An address. NULL is false. */
type Pointer = object | false;
type Methods = { [name: string]: (...args: any[]) => any };

/** The object whose method runs; the class in a class method. */
declare var self: ObjC;
declare const global: typeof globalThis & { [name: string]: any };
declare const YES: 1;
declare const NO: 0;
/** The NSNull object. nil is null, undefined or false. */
declare const nsnull: ObjC;

/** Makes classes known as globals: `require('UIView, NSString')`. Gives the last. */
declare function require(...names: string[]): ObjC;
/** `defineClass('Name : Super <Protocol>', ['property'], {method_with: function (a, b) {}}, {classMethod: …})` */
declare function defineClass(declaration: string, methods?: Methods, classMethods?: Methods): ObjC;
declare function defineClass(declaration: string, properties: string[], methods?: Methods, classMethods?: Methods): ObjC;
declare function defineProtocol(name: string, methods: { [name: string]: ProtocolMethod }, classMethods?: { [name: string]: ProtocolMethod }): void;
interface ProtocolMethod { paramsType?: string; returnType?: string; typeEncode?: string }
declare function protocol(name: string): ObjC;
declare function defineJSClass(declaration: string, methods: Methods, classMethods?: Methods): any;

/** A block: types of the parameters, or the result's in front of them. */
declare function block(types: string, fn: (...args: any[]) => any): ObjCBlock;
declare function block(fn: (...args: any[]) => any): ObjCBlock;
declare function __weak<T>(object: T): T;
declare function __strong<T>(object: T): T;
declare function include(path: string): void;
declare function resourcePath(path: string): string;
declare function autoConvertOCType(on: 0 | 1): void;
declare function convertOCNumberToString(on: 0 | 1): void;
declare function po(object: ObjC): string;

declare function dispatch_after(seconds: number, fn: () => void): void;
declare function dispatch_async_main(fn: () => void): void;
declare function dispatch_sync_main(fn: () => void): void;
declare function dispatch_async_global_queue(fn: () => void): void;
declare function dispatch_get_main_queue(): ObjC;
declare function dispatch_get_global_queue(priority: number, flags: number): ObjC;
declare function dispatch_queue_create(name: string, attribute: number | null): ObjC;
declare function dispatch_async(queue: ObjC, fn: () => void): void;
declare function dispatch_sync(queue: ObjC, fn: () => void): void;
declare function dispatch_barrier_async(queue: ObjC, fn: () => void): void;
declare function dispatch_barrier_sync(queue: ObjC, fn: () => void): void;
declare function dispatch_apply(count: number, queue: ObjC, fn: (index: number) => void): void;
declare function dispatch_time(secondsFromNow: number): number;
declare function dispatch_group_create(): ObjC;
declare function dispatch_group_async(group: ObjC, queue: ObjC, fn: () => void): void;
declare function dispatch_group_notify(group: ObjC, queue: ObjC, fn: () => void): void;
declare function dispatch_group_wait(group: ObjC, time: number | bigint): number;
declare function dispatch_group_enter(group: ObjC): void;
declare function dispatch_group_leave(group: ObjC): void;
declare const DISPATCH_QUEUE_PRIORITY_HIGH: 2;
declare const DISPATCH_QUEUE_PRIORITY_DEFAULT: 0;
declare const DISPATCH_QUEUE_PRIORITY_LOW: -2;
declare const DISPATCH_QUEUE_PRIORITY_BACKGROUND: number;
declare const DISPATCH_TIME_NOW: 0;
declare const DISPATCH_TIME_FOREVER: bigint;
declare const DISPATCH_QUEUE_SERIAL: null;
declare const DISPATCH_QUEUE_CONCURRENT: 1;
declare function synchronized(object: ObjC, fn: () => void): void;

declare function malloc(bytes: number): Pointer;
declare function free(pointer: Pointer): void;
declare function memset(to: Pointer, byte: number, count: number): Pointer;
declare function memcpy(to: Pointer, from: Pointer, count: number): Pointer;
declare function memmove(to: Pointer, from: Pointer, count: number): Pointer;
/** The size of 'id' or of a struct by its name. */
declare function sizeof(type: string): number;
/** The object in a cell. */
declare function pval(cell: Pointer): ObjC;
declare function pvalBool(cell: Pointer): boolean;
declare function getPointer(object: ObjC): Pointer;
declare function assignPointer(cell: Pointer, object: ObjC): void;
declare function assignScalarTypePointer(cell: Pointer, value: number | string, type: string): void;
declare function releaseTmpObj(cell: Pointer): void;
declare function newStruct(name: string, fields: object): Pointer;
declare function pvalStruct(name: string, pointer: Pointer): any;
declare function __bridge_id(pointer: Pointer): ObjC;
declare function CFRetain(object: ObjC): void;
declare function CFRelease(object: ObjC): void;
declare function autoreleasepool(fn: () => void): void;
/** Makes a C function of the process a global: result first, `defineCFunction('abs', 'int, int')`. */
declare function defineCFunction(name: string, types: string): void;
declare function OCNumber(cls: string, selector: string, args: any[]): ObjC;
declare function toOCNumber(number: number): ObjC;
declare function toJSNumber(object: ObjC): number;

declare const JPEngine: { addExtensions(names: string[]): void; defineStruct(definition: { name: string; types: string; keys: string[] }): void; [name: string]: any };
/** Takes back what scripts defined. */
declare const JPCleaner: { cleanAll(): void; cleanClass(name: string): void };

/** An Objective-C exception, caught. Its text is "name: reason"; nativeStack is made when it is read. */
interface Error { readonly reason?: string; readonly nativeException?: ObjC; readonly nativeStack?: string }

// With require('JPEngine').addExtensions(['JPCoreGraphics', 'JPUIKit']):
interface CGPoint { x: number; y: number }
interface CGSize { width: number; height: number }
interface CGRect { x: number; y: number; width: number; height: number }
declare function CGPointMake(x: number, y: number): CGPoint;
declare function CGSizeMake(width: number, height: number): CGSize;
declare function CGRectMake(x: number, y: number, width: number, height: number): CGRect;
declare function CGRectInset(rect: CGRect, dx: number, dy: number): CGRect;
declare function CGRectUnion(one: CGRect, two: CGRect): CGRect;
declare function CGRectIntersection(one: CGRect, two: CGRect): CGRect;
declare function CGRectContainsPoint(rect: CGRect, point: CGPoint): boolean;
/* … and CoreGraphics' and UIKit's other functions under their C names (src/js/binders.js). */

interface Object {
    /** The same object, with messages starting above the class whose method runs. */
    super(): ObjC;
    /** A native string, array, dictionary or date as JavaScript's, deeply. */
    toJS(): any;
    performSelector(selector: string, ...args: any[]): any;
    performSelectorInOC(selector: string, args: any[], callback?: (result: any) => any): any;
}
