import COpenSSL

/// A certificate revocation list (RFC 5280 §5), decoded and not yet trusted.
public final class RevocationList: Sendable {
    let handle: RevocationListHandle

    /// The DER encoding that it was decoded from.
    public let derRepresentation: [UInt8]

    /// When it was issued, in seconds since 1970.
    public let thisUpdate: Int64

    /// By when its successor is due, after which it says nothing any more, in seconds since 1970.
    public let nextUpdate: Int64

    /// Decodes one list that fills `der` to the end. One that does not say when its successor is due, which RFC 5280
    /// §5.1.2.5 demands, is refused: it would be in force for ever.
    public init(derRepresentation der: [UInt8]) throws(CryptographyError) {
        handle = try RevocationListHandle(derRepresentation: der)
        guard
            let thisUpdate = unsafe seconds(X509_CRL_get0_lastUpdate(handle.pointer)),
            let nextUpdate = unsafe seconds(X509_CRL_get0_nextUpdate(handle.pointer))
        else { throw .invalidRevocationList }
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        derRepresentation = der
    }

    /// The name of who issued it, as RFC 2253 writes it.
    public var issuer: String { unsafe text(of: X509_CRL_get_issuer(handle.pointer)) }

    /// Whether the signature's hash is known to be weak, or not known: OpenSSL holds only certificates to a minimum.
    var isSignedWeakly: Bool {
        var hash: Int32 = NID_undef
        let scheme = unsafe X509_CRL_get_signature_nid(handle.pointer)
        guard unsafe OBJ_find_sigid_algs(scheme, &hash, nil) == 1 else { return true }
        if scheme == NID_rsassaPss { hash = pssHash }
        switch hash {
        case NID_sha256, NID_sha384, NID_sha512, NID_sha3_256, NID_sha3_384, NID_sha3_512:
            return false
        default:
            return ![NID_ED25519, NID_ED448].contains(scheme)
        }
    }

    /// The hash that the parameters of an RSASSA-PSS signature name (RFC 8017 §A.2.3).
    private var pssHash: Int32 {
        var algorithm: UnsafePointer<X509_ALGOR>?
        unsafe X509_CRL_get0_signature(handle.pointer, nil, &algorithm)
        guard
            let sequence = unsafe algorithm?.pointee.parameter,
            let parameters = unsafe countersign_pss_parameters(sequence)
        else {
            ERR_clear_error()
            return NID_undef
        }
        defer { unsafe RSA_PSS_PARAMS_free(parameters) }
        guard let hash = unsafe parameters.pointee.hashAlgorithm else { return NID_sha1 }
        return unsafe OBJ_obj2nid(hash.pointee.algorithm)
    }
}

/// An OpenSSL revocation list.
///
/// Sendable without a lock: its encoding never changes, and what OpenSSL sorts on first use it guards with the list's
/// own lock (openssl-threads(7)).
@safe struct RevocationListHandle: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    /// An empty list, to be filled.
    init() throws(CryptographyError) {
        guard let pointer = unsafe X509_CRL_new() else { throw failure(of: "X509_CRL_new") }
        unsafe self.pointer = pointer
    }

    init(derRepresentation der: [UInt8]) throws(CryptographyError) {
        let decoded = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var next = buffer.baseAddress
            guard let list = unsafe d2i_X509_CRL(nil, &next, buffer.count) else { return nil }
            guard unsafe next == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
                unsafe X509_CRL_free(list)
                return nil
            }
            return unsafe list
        }
        guard let decoded = unsafe decoded else {
            ERR_clear_error()
            throw .invalidRevocationList
        }
        unsafe self.pointer = decoded
    }

    deinit {
        unsafe X509_CRL_free(pointer)
    }
}
