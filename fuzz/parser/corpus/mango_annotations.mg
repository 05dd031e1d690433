@If($systemVersion.doubleValue() < 13)
class App.A : @SwiftModule("M") B {
#If(NO) @MethodName("x:") - f { @Signature("v@?i") Block b = nil; }
}
@SwiftClassAlias M.A B;
