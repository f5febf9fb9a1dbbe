import COpenSSL

/// One verification of a certificate's path by OpenSSL, to one anchor.
struct PathVerification {
    let anchor: Certificate
    let intermediates: [Certificate]
    /// Seconds since 1970.
    let time: Int64
    /// Whether to hold the path to a minimum of strength and length.
    var isStrict = false
    /// The lists that must answer for every certificate below the anchor, or `nil`.
    var revocationLists: [RevocationList]?

    /// The path, from the certificate to the anchor, both included; or why there is none.
    func path(of certificate: Certificate) -> Result<[Certificate], PathFailure> {
        let newStore = unsafe X509_STORE_new()
        let newContext = unsafe X509_STORE_CTX_new()
        let newStack = unsafe countersign_certificates_new()
        // Freeing nothing does nothing.
        defer {
            unsafe countersign_certificates_free(newStack)
            unsafe X509_STORE_CTX_free(newContext)
            unsafe X509_STORE_free(newStore)
            ERR_clear_error()
        }
        guard
            let store = unsafe newStore, let context = unsafe newContext,
            let untrusted = unsafe newStack,
            unsafe X509_STORE_add_cert(store, anchor.handle.pointer) == 1,
            issuers(of: certificate).allSatisfy({
                unsafe countersign_certificates_push(untrusted, $0.handle.pointer) == 1
            }),
            revocationLists?.allSatisfy({
                unsafe X509_STORE_add_crl(store, $0.handle.pointer) == 1
            }) ?? true,
            unsafe X509_STORE_CTX_init(context, store, certificate.handle.pointer, untrusted) == 1,
            unsafe configure(X509_STORE_CTX_get0_param(context))
        else { return .failure(.invalid("OpenSSL could not begin")) }
        unsafe X509_STORE_CTX_set_verify_cb(context) { isFine, context in
            unsafe PathVerification.isAcceptable(isFine, context)
        }
        guard unsafe X509_verify_cert(context) == 1 else {
            return .failure(PathFailure(openSSL: unsafe X509_STORE_CTX_get_error(context)))
        }
        let chain = unsafe X509_STORE_CTX_get0_chain(context)
        let count = unsafe countersign_certificates_count(chain)
        // Among those that were given: the path is made of them alone.
        let given = [certificate] + intermediates + [anchor]
        let path = (0..<count).compactMap { place in
            given.first { candidate in
                unsafe X509_cmp(
                    candidate.handle.pointer, countersign_certificates_get(chain, place)) == 0
            }
        }
        guard path.count == Int(count) else {
            return .failure(.invalid("OpenSSL found another path"))
        }
        return .success(path)
    }

    /// Those of the intermediates that signed the certificate, or what signed it, and so on. OpenSSL takes the first
    /// that has the right name, and does not go back where its key is the wrong one.
    private func issuers(of certificate: Certificate) -> [Certificate] {
        var found: [Certificate] = []
        var rest = intermediates
        var next = [certificate]
        while !next.isEmpty {
            let split = rest.partition { candidate in
                next.contains { $0.isSigned(by: candidate) }
            }
            next = Array(rest[split...])
            rest.removeSubrange(split...)
            found += next
        }
        return found
    }

    private func configure(_ parameters: OpaquePointer?) -> Bool {
        unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(time))
        var flags = UInt(X509_V_FLAG_PARTIAL_CHAIN)
        if isStrict {
            // Level 2 is 112 bits: RSA from 2048 bits, curves from 224, no MD5 and no SHA-1.
            unsafe X509_VERIFY_PARAM_set_auth_level(parameters, 2)
            unsafe X509_VERIFY_PARAM_set_depth(parameters, 10)
        }
        if revocationLists != nil {
            flags |= UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)
        }
        return unsafe X509_VERIFY_PARAM_set_flags(parameters, flags) == 1
    }

    /// OpenSSL asks this at each finding. What lists say of the anchor, or that none does, is waved through: it is
    /// trusted because it was configured, and its issuer need not be known.
    private static func isAcceptable(_ isFine: Int32, _ context: OpaquePointer?) -> Int32 {
        guard isFine != 1 else { return 1 }
        let depth = unsafe X509_STORE_CTX_get_error_depth(context)
        let top =
            unsafe countersign_certificates_count(X509_STORE_CTX_get0_chain(context)) - 1
        let failure = PathFailure(openSSL: unsafe X509_STORE_CTX_get_error(context))
        guard depth == top, [.revoked, .revocationUnknown].contains(failure) else { return 0 }
        unsafe X509_STORE_CTX_set_error(context, X509_V_OK)
        return 1
    }
}

extension Certificate {
    /// Whether the other's subject and key are what signed this certificate.
    fileprivate func isSigned(by issuer: Certificate) -> Bool {
        defer { ERR_clear_error() }
        return unsafe X509_NAME_cmp(
            X509_get_issuer_name(handle.pointer), X509_get_subject_name(issuer.handle.pointer)
        ) == 0 && X509_verify(handle.pointer, X509_get0_pubkey(issuer.handle.pointer)) == 1
    }
}

extension PathFailure {
    /// From one of OpenSSL's `X509_V_ERR` codes.
    fileprivate init(openSSL code: Int32) {
        self =
            switch code {
            case X509_V_ERR_CERT_HAS_EXPIRED: .expired
            case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
            case X509_V_ERR_CERT_REVOKED: .revoked
            case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
                X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, X509_V_ERR_CRL_SIGNATURE_FAILURE,
                X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_CRL_HAS_EXPIRED,
                X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD,
                X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
                X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, X509_V_ERR_DIFFERENT_CRL_SCOPE,
                X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
                .revocationUnknown
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
                X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE,
                X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                X509_V_ERR_CERT_CHAIN_TOO_LONG, X509_V_ERR_CERT_UNTRUSTED,
                X509_V_ERR_PATH_LOOP:
                .untrusted
            case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL,
                X509_V_ERR_CA_MD_TOO_WEAK:
                .tooWeak
            default:
                .invalid(
                    unsafe String(cString: X509_verify_cert_error_string(Int(code))))
            }
    }
}
