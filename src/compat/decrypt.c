/* SPDX-License-Identifier: MIT */
/*
 * libcrypto's functions are found by name and called through the types below, which are those of OpenSSL 3; nothing
 * of it is linked.
 */
#include "compat/decrypt.h"

#include "base/alloc.h"
#include "base/error.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

enum { PKCS1_PADDING = 1 }; /* RSA_PKCS1_PADDING */

static struct {
    void *(*EVP_CIPHER_CTX_new)(void);
    void (*EVP_CIPHER_CTX_free)(void *);
    const void *(*EVP_aes_128_ecb)(void);
    int (*EVP_DecryptInit_ex)(void *, const void *, void *, const unsigned char *, const unsigned char *);
    int (*EVP_DecryptUpdate)(void *, unsigned char *, int *, const unsigned char *, int);
    int (*EVP_DecryptFinal_ex)(void *, unsigned char *, int *);
    void *(*BIO_new_mem_buf)(const void *, int);
    int (*BIO_free)(void *);
    void *(*PEM_read_bio_PrivateKey)(void *, void **, void *, void *);
    void *(*PEM_read_bio_PUBKEY)(void *, void **, void *, void *);
    void (*EVP_PKEY_free)(void *);
    int (*EVP_PKEY_get_size)(const void *);
    void *(*EVP_PKEY_CTX_new)(void *, void *);
    void (*EVP_PKEY_CTX_free)(void *);
    int (*EVP_PKEY_CTX_set_rsa_padding)(void *, int);
    int (*EVP_PKEY_decrypt_init)(void *);
    int (*EVP_PKEY_decrypt)(void *, unsigned char *, size_t *, const unsigned char *, size_t);
    int (*EVP_PKEY_verify_recover_init)(void *);
    int (*EVP_PKEY_verify_recover)(void *, unsigned char *, size_t *, const unsigned char *, size_t);
    void (*ERR_clear_error)(void);
} ssl;
static bool loaded;

static void
load(void)
{
    static const char *const names[] = {
        "EVP_CIPHER_CTX_new",           "EVP_CIPHER_CTX_free",          "EVP_aes_128_ecb",
        "EVP_DecryptInit_ex",           "EVP_DecryptUpdate",            "EVP_DecryptFinal_ex",
        "BIO_new_mem_buf",              "BIO_free",                     "PEM_read_bio_PrivateKey",
        "PEM_read_bio_PUBKEY",          "EVP_PKEY_free",                "EVP_PKEY_get_size",
        "EVP_PKEY_CTX_new",             "EVP_PKEY_CTX_free",            "EVP_PKEY_CTX_set_rsa_padding",
        "EVP_PKEY_decrypt_init",        "EVP_PKEY_decrypt",             "EVP_PKEY_verify_recover_init",
        "EVP_PKEY_verify_recover",      "ERR_clear_error"};
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL), *found[sizeof names / sizeof *names];
    bool whole = library != NULL;

    _Static_assert(sizeof found == sizeof ssl, "a name for each function, in the same order");
    for (size_t i = 0; whole && i < sizeof names / sizeof *names; i++)
        whole = (found[i] = dlsym(library, names[i])) != NULL;
    if (whole)
        memcpy(&ssl, found, sizeof ssl);
    loaded = whole;
}

static mend_status
need_library(mend_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    if (loaded)
        return MEND_OK;
    mn_fail(err, MEND_UNSUPPORTED, "encrypted scripts need libcrypto.so.3, which this system does not have");
    mn_remedy(err, "install the package libssl3");
    return MEND_UNSUPPORTED;
}

/* ---- what a text may be ---- */

/* The length of the UTF-8 sequence at p, 0 when there is none. */
static size_t
sequence(const unsigned char *p, size_t left)
{
    size_t n = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xf0 && *p < 0xf5 ? 4 : 0;

    if (n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static bool
is_text(const unsigned char *p, size_t length)
{
    for (size_t i = 0, n; i < length; i += n)
        if ((n = sequence(p + i, length - i)) == 0 || (p[i] < 0x20 && memchr("\t\n\v\f\r", p[i], 5) == NULL))
            return false;
    return true;
}

static mend_status
refuse(mend_error *err, const char *what)
{
    mn_fail(err, MEND_INVALID, "the script cannot be decrypted: %s", what);
    mn_remedy(err, "check that it is whole and was encrypted for this key");
    return MEND_INVALID;
}

/* Hands over what was decrypted, if it is text. */
static mend_status
accept(const struct mn_buffer *plain, struct mn_buffer *text, mend_error *err)
{
    if (plain->failed)
        return mn_fail_memory(err);
    if (!is_text((const unsigned char *)mn_buffer_peek(plain), plain->length))
        return refuse(err, "the result is no text");
    mn_buffer_append(text, mn_buffer_peek(plain), plain->length);
    return text->failed ? mn_fail_memory(err) : MEND_OK;
}

/* ---- AES ---- */

mend_status
mn_decrypt_aes(const unsigned char key[16], const void *bytes, size_t length, struct mn_buffer *text, mend_error *err)
{
    struct mn_buffer plain = MN_BUFFER_EMPTY;
    unsigned char *out;
    int first = 0, last = 0;
    void *context = NULL;
    mend_status st;

    if ((st = need_library(err)) != MEND_OK)
        return st;
    if (length == 0 || length % 16 != 0 || length > 64 << 20)
        return refuse(err, "its length is no multiple of 16");
    if ((out = (unsigned char *)mn_buffer_extend(&plain, length + 16)) == NULL ||
        (context = ssl.EVP_CIPHER_CTX_new()) == NULL) {
        st = mn_fail_memory(err);
    } else if (ssl.EVP_DecryptInit_ex(context, ssl.EVP_aes_128_ecb(), NULL, key, NULL) != 1 ||
               ssl.EVP_DecryptUpdate(context, out, &first, bytes, (int)length) != 1 ||
               ssl.EVP_DecryptFinal_ex(context, out + first, &last) != 1) {
        ssl.ERR_clear_error();
        st = refuse(err, "the key is another, or bytes were changed");
    } else {
        out[first + last] = 0;
        plain.length = (size_t)(first + last);
        st = accept(&plain, text, err);
    }
    if (context != NULL)
        ssl.EVP_CIPHER_CTX_free(context);
    mn_buffer_fini(&plain);
    return st;
}

/* ---- RSA ---- */

static int
digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

static bool
read_base64(const char *p, size_t length, struct mn_buffer *out)
{
    unsigned bits = 0, count = 0, padding = 0;

    for (size_t i = 0; i < length; i++) {
        int digit = digit_of(p[i]);

        if (strchr(" \t\r\n", p[i]) != NULL && p[i] != '\0')
            continue;
        padding += p[i] == '=';
        if (p[i] == '=' && padding <= 2)
            continue;
        if (digit < 0 || padding != 0)
            return false;
        bits = bits << 6 | (unsigned)digit;
        if (++count % 4 != 1) {
            char byte = (char)(bits >> (count % 4 == 2 ? 4 : count % 4 == 3 ? 2 : 0));

            mn_buffer_append(out, &byte, 1);
        }
    }
    return (count + padding) % 4 == 0 && count % 4 != 1;
}

/* A key from PEM text; *is_private says which. */
static void *
read_pem(const char *pem, bool *is_private)
{
    void *bio = ssl.BIO_new_mem_buf(pem, -1), *key = NULL;

    *is_private = strstr(pem, "PUBLIC KEY") == NULL;
    if (bio == NULL)
        return NULL;
    key = *is_private ? ssl.PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"")
                      : ssl.PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    ssl.BIO_free(bio);
    ssl.ERR_clear_error();
    return key;
}

/* The same from the base64 alone, broken into the lines that PEM has. */
static void *
read_bare(const char *text, const char *what, bool *is_private)
{
    struct mn_buffer pem = MN_BUFFER_EMPTY;
    size_t column = 0;
    void *key;

    mn_buffer_printf(&pem, "-----BEGIN %s-----\n", what);
    for (; *text != '\0'; text++)
        if (digit_of(*text) >= 0 || *text == '=') {
            mn_buffer_append(&pem, text, 1);
            if (++column % 64 == 0)
                mn_buffer_append(&pem, "\n", 1);
        }
    mn_buffer_printf(&pem, "\n-----END %s-----\n", what);
    key = pem.failed ? NULL : read_pem(mn_buffer_peek(&pem), is_private);
    mn_buffer_fini(&pem);
    return key;
}

static void *
read_key(const char *text, bool *is_private)
{
    void *key;

    if (strstr(text, "-----BEGIN") != NULL)
        return read_pem(text, is_private);
    if ((key = read_bare(text, "PRIVATE KEY", is_private)) != NULL)
        return key;
    return read_bare(text, "PUBLIC KEY", is_private);
}

static bool
open_blocks(void *context, bool is_private, size_t size, const struct mn_buffer *bytes, struct mn_buffer *plain)
{
    unsigned char block[2048];
    const unsigned char *from = (const unsigned char *)mn_buffer_peek(bytes);

    if ((is_private ? ssl.EVP_PKEY_decrypt_init : ssl.EVP_PKEY_verify_recover_init)(context) != 1 ||
        ssl.EVP_PKEY_CTX_set_rsa_padding(context, PKCS1_PADDING) != 1)
        return false;
    for (size_t at = 0; at < bytes->length; at += size) {
        size_t length = sizeof block;

        if ((is_private ? ssl.EVP_PKEY_decrypt : ssl.EVP_PKEY_verify_recover)(context, block, &length, from + at,
                                                                              size) != 1)
            return false;
        mn_buffer_append(plain, (const char *)block, length);
    }
    return true;
}

mend_status
mn_decrypt_rsa(const char *key_text, const char *base64, size_t length, struct mn_buffer *text, mend_error *err)
{
    struct mn_buffer bytes = MN_BUFFER_EMPTY, plain = MN_BUFFER_EMPTY;
    void *key = NULL, *context = NULL;
    bool is_private = true;
    size_t size = 0;
    mend_status st;

    if ((st = need_library(err)) != MEND_OK)
        return st;
    if ((key = read_key(key_text, &is_private)) == NULL) {
        st = refuse(err, "the key is no RSA key in PEM form");
    } else if ((size = (size_t)ssl.EVP_PKEY_get_size(key)) < 64 || size > 2048 ||
               !read_base64(base64, length, &bytes) || bytes.length == 0 || bytes.length % size != 0) {
        st = refuse(err, "it is no base64 of blocks of the key's size");
    } else if ((context = ssl.EVP_PKEY_CTX_new(key, NULL)) == NULL) {
        st = mn_fail_memory(err);
    } else if (!open_blocks(context, is_private, size, &bytes, &plain)) {
        ssl.ERR_clear_error();
        st = refuse(err, "the key is another, or bytes were changed");
    } else {
        st = accept(&plain, text, err);
    }
    if (context != NULL)
        ssl.EVP_PKEY_CTX_free(context);
    if (key != NULL)
        ssl.EVP_PKEY_free(key);
    mn_buffer_fini(&bytes);
    mn_buffer_fini(&plain);
    return st;
}
