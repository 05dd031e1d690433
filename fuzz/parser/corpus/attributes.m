NS_ASSUME_NONNULL_BEGIN
FOUNDATION_EXPORT NSString *const K __attribute__((unused)); - (nullable id)m NS_REQUIRES_SUPER;
int f(int) __attribute__((pure));
