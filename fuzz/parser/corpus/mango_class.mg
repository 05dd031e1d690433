class Ledger : NSObject <NSCopying> {
 @property (nonatomic) NSString *owner;
 - (NSInteger)balanceFor:(NSString *)name { return name.length(); }
}
