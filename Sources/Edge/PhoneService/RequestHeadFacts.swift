import NIOHTTP1

/// What the head of a request says about how to go on.
package struct RequestHeadFacts: Sendable, Hashable {
    /// Why the request is not taken.
    package var refusal: ConnectionProgress.Refusal?
    /// Whether the client wants no other exchange on the connection.
    package var isLast: Bool

    package init(refusal: ConnectionProgress.Refusal? = nil, isLast: Bool = false) {
        self.refusal = refusal
        self.isLast = isLast
    }
}

extension RequestHeadFacts {
    /// Judges a head by RFC 9112 and by how long the body may be.
    init(_ head: HTTPRequestHead, maximumBody: Int) {
        // The decoder takes what follows these for another protocol's.
        let isUpgrade = head.method == .CONNECT || head.headers.contains(name: "upgrade")
        self.init(
            refusal: Self.refusal(of: head, maximumBody), isLast: !head.isKeepAlive || isUpgrade)
    }

    private static func refusal(
        of head: HTTPRequestHead, _ maximumBody: Int
    ) -> ConnectionProgress.Refusal? {
        guard head.version == .http1_1 || head.version == .http1_0 else { return .malformed }
        let hosts = head.headers["host"].count
        guard hosts == 1 || (hosts == 0 && head.version == .http1_0) else { return .malformed }
        let codings = head.headers["transfer-encoding"]
        let lengths = head.headers["content-length"]
        if !codings.isEmpty {
            // Anything else is how requests are smuggled past a proxy (RFC 9112 §6.1).
            guard
                head.version == .http1_1, lengths.isEmpty,
                codings.count == 1, codings[0].lowercased() == "chunked"
            else { return .malformed }
        }
        if let length = lengths.first {
            guard lengths.count == 1, let count = Int(length), count >= 0 else {
                return .malformed
            }
            guard count <= maximumBody else { return .bodyTooLong }
        }
        return head.headers.contains(name: "expect") ? .unknownExpectation : nil
    }
}
