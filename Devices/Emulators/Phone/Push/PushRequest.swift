import PhonePush

/// What somebody sent to a push endpoint over HTTP.
package struct PushRequest: Sendable, Hashable {
    /// A header field.
    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        /// A field.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What makes a request unfit for a push service, with the status that says so (RFC 8030 §5, RFC 8291, RFC 8292).
    struct Refusal: Error, Sendable, Hashable {
        let status: Int
        /// A stable kebab-case name for logs.
        let code: String
        var fields: [Field] = []
    }

    let method: String
    let path: String
    let fields: [Field]
    /// The body, or `nil` where it was longer than ``maximumBody``.
    let body: [UInt8]?

    /// The longest body that a push service has to take (RFC 8030 §7.2).
    package static let maximumBody = 4_096

    /// A request; see ``body``.
    package init(method: String, path: String, fields: [Field], body: [UInt8]?) {
        self.method = method
        self.path = path
        self.fields = fields
        self.body = body
    }

    /// The value of a field that may stand there once.
    ///
    /// - Throws: a refusal with `code` where it stands there more often.
    func value(_ name: String, refusal code: String) throws(Refusal) -> String? {
        let values = fields.filter { $0.name.lowercased() == name }
        guard values.count <= 1 else { throw Refusal(status: 400, code: code) }
        return values.first?.value
    }

    /// How long the message may be kept, in seconds (RFC 8030 §5.2). The field must be there.
    var timeToLive: Int64 {
        get throws(Refusal) {
            let refusal = Refusal(status: 400, code: "bad-ttl")
            guard let text = try value("ttl", refusal: refusal.code) else { throw refusal }
            let digits = text.utf8
            guard (1...10).contains(digits.count),
                digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let seconds = Int64(text)
            else { throw refusal }
            return min(seconds, 1 << 31)
        }
    }

    /// How soon the message wants to be delivered (RFC 8030 §5.3).
    var urgency: PushUrgency {
        get throws(Refusal) {
            guard let text = try value("urgency", refusal: "bad-urgency") else { return .normal }
            guard let urgency = PushUrgency(rawValue: text) else {
                throw Refusal(status: 400, code: "bad-urgency")
            }
            return urgency
        }
    }

    /// What a later message with the same topic replaces (RFC 8030 §5.4).
    var topic: PushTopic? {
        get throws(Refusal) {
            guard let text = try value("topic", refusal: "bad-topic") else { return nil }
            guard let topic = try? PushTopic(text) else {
                throw Refusal(status: 400, code: "bad-topic")
            }
            return topic
        }
    }

    /// The body, which must be there and say that it is encrypted as RFC 8291 has it.
    var encryptedBody: [UInt8] {
        get throws(Refusal) {
            guard let body else { throw Refusal(status: 413, code: "too-large") }
            guard
                try value("content-encoding", refusal: "bad-content-encoding")?.lowercased()
                    == "aes128gcm"
            else { throw Refusal(status: 415, code: "bad-content-encoding") }
            guard !body.isEmpty else { throw Refusal(status: 400, code: "empty") }
            return body
        }
    }

    /// The proof of who sends (RFC 8292 §2). The field must be there.
    var authorization: String {
        get throws(Refusal) {
            guard let text = try value("authorization", refusal: "bad-authorization") else {
                throw Refusal(
                    status: 401, code: "no-authorization",
                    fields: [Field(name: "WWW-Authenticate", value: "vapid")])
            }
            return text
        }
    }
}
