import COpenSSL

extension CertificateAuthority {
    /// Makes the list of what this authority has revoked (RFC 5280 §5).
    ///
    /// - Parameters:
    ///   - serialNumbers: as ``Certificate/serialNumber`` gives them.
    ///   - validity: when the list is issued, which is also when all were revoked, and when the next one is due.
    ///   - number: the list's own number, which grows from one to the next.
    public func revocationList(
        revoking serialNumbers: [[UInt8]], validity: Validity, number: UInt32 = 1
    ) throws(CryptographyError) -> RevocationList {
        let handle = try RevocationListHandle()
        let pointer = unsafe handle.pointer
        try check(unsafe X509_CRL_set_version(pointer, 1), "X509_CRL_set_version")
        let name = unsafe X509_get_subject_name(certificate.handle.pointer)
        try check(unsafe X509_CRL_set_issuer_name(pointer, name), "X509_CRL_set_issuer_name")
        let thisUpdate = try unsafe makeTime(validity.notBefore)
        defer { unsafe ASN1_TIME_free(thisUpdate) }
        try check(unsafe X509_CRL_set1_lastUpdate(pointer, thisUpdate), "X509_CRL_set1_lastUpdate")
        let nextUpdate = try unsafe makeTime(validity.notAfter)
        defer { unsafe ASN1_TIME_free(nextUpdate) }
        try check(unsafe X509_CRL_set1_nextUpdate(pointer, nextUpdate), "X509_CRL_set1_nextUpdate")
        for serialNumber in serialNumbers {
            let serial = try unsafe makeInteger(serialNumber)
            defer { unsafe ASN1_INTEGER_free(serial) }
            try unsafe Self.add(serial, at: thisUpdate, to: handle)
        }
        try check(unsafe X509_CRL_sort(pointer), "X509_CRL_sort")
        let octets = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        let ordinal = try unsafe makeInteger(octets)
        defer { unsafe ASN1_INTEGER_free(ordinal) }
        try check(
            unsafe X509_CRL_add1_ext_i2d(pointer, NID_crl_number, ordinal, 0, 0),
            "X509_CRL_add1_ext_i2d")
        try key.sign(handle)
        let der = try unsafe encoded("i2d_X509_CRL") { start in
            unsafe i2d_X509_CRL(pointer, start)
        }
        return try RevocationList(derRepresentation: der)
    }

    private static func add(
        _ serial: UnsafeMutablePointer<ASN1_INTEGER>, at time: UnsafeMutablePointer<ASN1_TIME>,
        to list: borrowing RevocationListHandle
    ) throws(CryptographyError) {
        guard let entry = unsafe X509_REVOKED_new() else {
            throw failure(of: "X509_REVOKED_new")
        }
        // The list takes the entry over, but only where that works.
        guard
            unsafe X509_REVOKED_set_serialNumber(entry, serial) == 1,
            unsafe X509_REVOKED_set_revocationDate(entry, time) == 1,
            unsafe X509_CRL_add0_revoked(list.pointer, entry) == 1
        else {
            unsafe X509_REVOKED_free(entry)
            throw failure(of: "X509_CRL_add0_revoked")
        }
    }
}
