internal import OATH

/// Reads a key's policy (RFC 6030 §5): what it says has to be understood, or the key must not be used.
struct PolicyReader {
    let startAt: Int64?
    let expiresAt: Int64?
    private let usages: [String]

    /// - Throws: `.unsupported` for what nobody here could keep: an unknown element, a number of transactions, a PIN that
    ///   is not for the token alone to check.
    init(_ policy: PolicyElement?) throws(MalformedOATH) {
        guard let policy else {
            (startAt, expiresAt, usages) = (nil, nil, [])
            return
        }
        guard !policy.hasOthers else { throw .unsupported("Policy") }
        if let pin = try policy.pin.one("PINPolicy") {
            guard pin.usageMode == "Local" else { throw .unsupported("PINPolicy") }
        }
        startAt = try Self.time(policy.startDate, "StartDate")
        expiresAt = try Self.time(policy.expiryDate, "ExpiryDate")
        usages = policy.usage
    }

    /// Where a policy lists what the key may be used for, that has to be there.
    func checkUsage(_ kind: TokenKind) throws(MalformedOATH) {
        let needed = kind == .ocra ? "CR" : "OTP"
        guard usages.isEmpty || usages.contains(needed) else { throw .unsupported("KeyUsage") }
    }

    /// A moment, in seconds since 1970.
    static func time(_ elements: [String]?, _ name: String) throws(MalformedOATH) -> Int64? {
        guard let text = try elements?.one(name) else { return nil }
        guard let seconds = XMLTime.seconds(text) else { throw .value(name) }
        return seconds
    }
}
