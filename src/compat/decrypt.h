/* SPDX-License-Identifier: MIT */
/*
 * Encrypted Mango scripts (spec/mango.md 26) by libcrypto, which is loaded when the first one comes: no other
 * process maps it.
 *
 * The text is UTF-8 without control characters, or it is refused: these formats carry no proof of who made them,
 * and a wrong key must not reach the parser. A failure leaves *text as it was and says which step it was; MEND_UNSUPPORTED:
 * there is no libcrypto. Any thread.
 */
#ifndef MN_COMPAT_DECRYPT_H
#define MN_COMPAT_DECRYPT_H

#include "base/buffer.h"

#include <mend/error.h>

/* AES-128 in ECB mode with PKCS#7 padding. */
mend_status mn_decrypt_aes(const unsigned char key[16], const void *bytes, size_t length, struct mn_buffer *text,
                           mend_error *err);

/*
 * Base64 of RSA blocks with PKCS#1 v1.5 padding. `key` is PEM, or the base64 inside one: a private key opens what its
 * public key encrypted, a public key what its private key signed.
 */
mend_status mn_decrypt_rsa(const char *key, const char *base64, size_t length, struct mn_buffer *text,
                           mend_error *err);
#endif
