import HTTPTypes
import PushMessages

/// What a request is answered with.
struct Answer: Sendable, Hashable {
    let status: HTTPResponse.Status
    /// JSON, or nothing.
    let body: [UInt8]
    private(set) var fields: HTTPFields

    /// An answer with a body of JSON, or without one.
    init(_ status: HTTPResponse.Status, _ body: [UInt8] = []) {
        self.status = status
        self.body = body
        fields = [.cacheControl: "no-store"]
        if !body.isEmpty {
            fields[.contentType] = "application/json"
            fields[.xContentTypeOptions] = "nosniff"
        }
        // There is no content in a 204, and so no length either (RFC 9110 §8.6).
        if status != .noContent { fields[.contentLength] = String(body.count) }
    }

    /// An error, with a code for programs.
    init(_ status: HTTPResponse.Status, code: String) {
        self.init(status, ErrorReply(code: code).encoded())
    }

    /// What the backend refuses; `now` is the server's clock in ms.
    init(_ refusal: PhoneRefusal, now: Int64) {
        let time = refusal == .wrongTime ? now : nil
        self.init(
            HTTPResponse.Status(code: refusal.status),
            ErrorReply(code: refusal.rawValue, time: time).encoded())
        if refusal.status == 503 { fields[.retryAfter] = "5" }
    }

    /// What is refused before the routes see it.
    init(_ refusal: ConnectionProgress.Refusal) {
        switch refusal {
        case .malformed: self.init(.badRequest, code: PhoneRefusal.malformed.rawValue)
        case .bodyTooLong: self.init(.contentTooLarge, code: "too-long")
        case .headersTooLong:
            self.init(.requestHeaderFieldsTooLarge, code: "headers-too-long")
        case .tooSlow: self.init(.requestTimeout, code: "too-slow")
        case .unknownExpectation: self.init(.expectationFailed, code: "expectation")
        }
    }

    /// The same with another header field.
    func with(_ name: HTTPField.Name, _ value: String) -> Answer {
        var copy = self
        copy.fields[name] = value
        return copy
    }
}
