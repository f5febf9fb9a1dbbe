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
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* Selections are built from macros that Swift does not see. */
static const int COUNTERSIGN_SELECT_PUBLIC_KEY = EVP_PKEY_PUBLIC_KEY;
static const int COUNTERSIGN_SELECT_KEYPAIR = EVP_PKEY_KEYPAIR;

/* How a name is written (RFC 2253), likewise. */
static const unsigned long COUNTERSIGN_NAME_RFC2253 = XN_FLAG_RFC2253;

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

static inline int countersign_certificates_count(const STACK_OF(X509) *stack) {
	return sk_X509_num(stack);
}

/* The certificate at a place from 0; the stack keeps it. */
static inline X509 *countersign_certificates_get(const STACK_OF(X509) *stack, int place) {
	return sk_X509_value(stack, place);
}

static inline int countersign_names_count(const GENERAL_NAMES *names) {
	return sk_GENERAL_NAME_num(names);
}

static inline const GENERAL_NAME *countersign_names_get(const GENERAL_NAMES *names, int index) {
	return sk_GENERAL_NAME_value(names, index);
}

static inline int countersign_usages_count(const EXTENDED_KEY_USAGE *usages) {
	return sk_ASN1_OBJECT_num(usages);
}

static inline const ASN1_OBJECT *countersign_usages_get(
	const EXTENDED_KEY_USAGE *usages, int index) {
	return sk_ASN1_OBJECT_value(usages, index);
}

/* What a name of the given type among the other names holds where that is a UTF8String, else NULL. */
static inline const ASN1_STRING *countersign_names_other_utf8(
	const GENERAL_NAME *name, const ASN1_OBJECT *type) {
	ASN1_OBJECT *found = NULL;
	ASN1_TYPE *value = NULL;

	if (GENERAL_NAME_get0_otherName(name, &found, &value) != 1 || OBJ_cmp(found, type) != 0)
		return NULL;
	if (value == NULL || value->type != V_ASN1_UTF8STRING)
		return NULL;
	return value->value.utf8string;
}

/* The parameters of RSASSA-PSS in the parameters of an algorithm; the caller frees them. */
static inline RSA_PSS_PARAMS *countersign_pss_parameters(const ASN1_TYPE *parameters) {
	return (RSA_PSS_PARAMS *)ASN1_TYPE_unpack_sequence(
		ASN1_ITEM_rptr(RSA_PSS_PARAMS), parameters);
}

#endif
