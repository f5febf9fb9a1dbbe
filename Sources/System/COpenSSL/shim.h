#ifndef COUNTERSIGN_COPENSSL_SHIM_H
#define COUNTERSIGN_COPENSSL_SHIM_H

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* Selections are built from macros that Swift does not see. */
static const int COUNTERSIGN_SELECT_PUBLIC_KEY = EVP_PKEY_PUBLIC_KEY;
static const int COUNTERSIGN_SELECT_KEYPAIR = EVP_PKEY_KEYPAIR;

/* The typed stacks of OpenSSL are macros, which Swift does not see. */

static inline STACK_OF(X509) *countersign_certificates_new(void) {
	return sk_X509_new_null();
}

/* Adds a certificate and takes a reference of its own; 1 where that worked. */
static inline int countersign_certificates_push(STACK_OF(X509) *stack, X509 *certificate) {
	return X509_add_cert(stack, certificate, X509_ADD_FLAG_UP_REF);
}

static inline void countersign_certificates_free(STACK_OF(X509) *stack) {
	sk_X509_pop_free(stack, X509_free);
}

#endif
