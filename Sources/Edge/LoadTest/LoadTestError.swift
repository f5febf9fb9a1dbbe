public import Emulators
public import LineClient
public import LineProtocol

/// Why a load test has no result. What it had added is deleted all the same, as far as the server still answers.
public enum LoadTestError: Error, Sendable, Hashable {
    /// A part of the plan is out of range.
    case outOfRange(parameter: String, allowed: String)
    /// Fewer credentials than requests that may be outstanding.
    case tooFewCredentials(given: Int, connections: Int, depth: Int)
    /// A time, or more requests than credentials, by a method whose credentials are each good for one.
    case credentialsAreUsedOnce(credentials: Int)
    /// The server lets fewer requests be outstanding on a connection than the plan asks for.
    case windowTooNarrow(depth: Int, window: Int)
    /// The server cannot be reached, or the connection for administration failed.
    case connection(LineClientError)
    /// The server refused a request that the test cannot do without.
    case refused(request: String, Reply)
    /// A reply lacks something, or says what no server of this protocol says.
    case unexpectedReply(request: String, missing: String)
    /// A reply came for a request that was not made or had its reply, or it named another user or another method.
    case mismatchedReply(id: String)
    /// What came is no reply.
    case malformedReply(ReplyDecodingError)
    /// The server closed a connection on which it owed replies.
    case connectionLost(outstanding: Int)
    /// The server ended a connection with this line.
    case ended(Reply)
    /// The server owes replies and has sent nothing for so long.
    case stalled(seconds: Int, outstanding: Int)
    /// Requests expire before they can be sent, however few are prepared.
    case challengesExpire(milliseconds: Int)
    /// An emulated credential could not be made or could not sign.
    case emulator(EmulatorError)
    /// A cryptographic operation of the test's own failed.
    case cryptography(code: String)
    /// The calling task was cancelled.
    case cancelled

    /// A stable name for logs and scripts.
    public var code: String {
        switch self {
        case .outOfRange: "out-of-range"
        case .tooFewCredentials: "too-few-credentials"
        case .credentialsAreUsedOnce: "credentials-are-used-once"
        case .windowTooNarrow: "window-too-narrow"
        case .connection: "connection"
        case .refused: "refused"
        case .unexpectedReply: "unexpected-reply"
        case .mismatchedReply: "mismatched-reply"
        case .malformedReply: "malformed-reply"
        case .connectionLost: "connection-lost"
        case .ended: "connection-ended"
        case .stalled: "stalled"
        case .challengesExpire: "challenges-expire"
        case .emulator: "emulator"
        case .cryptography: "cryptography"
        case .cancelled: "cancelled"
        }
    }
}

extension LoadTestError: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .outOfRange(let parameter, let allowed): "\(parameter) must be \(allowed)"
        case .tooFewCredentials(let given, let connections, let depth):
            "\(given) credentials are too few for \(connections) connections with \(depth) requests "
                + "each: a credential is used once at a time, so take "
                + "\(connections * depth) credentials or more, or a smaller pipeline"
        case .credentialsAreUsedOnce(let credentials):
            "a code that follows the clock is good once, and the next comes after 30 seconds: take a "
                + "number of requests, not of seconds, up to that of the credentials, which is "
                + "\(credentials), or more credentials"
        case .windowTooNarrow(let depth, let window):
            "the server lets \(window) requests be outstanding on a connection, not \(depth): "
                + "take a smaller pipeline and more connections"
        case .connection(let error): Self.describe(error)
        case .refused(let request, let reply):
            "the server refused \(request): \(Self.describe(reply))" + Self.advice(reply)
        case .unexpectedReply(let request, let missing):
            "the reply to \(request) has no usable \(missing): is it a countersign server of this "
                + "version?"
        case .mismatchedReply(let id):
            "a reply with the id \(id) answers no outstanding request, or names another user or method: "
                + "the server mixes replies up"
        case .malformedReply(let error):
            "the server sent what is no reply (\(error.code)): is it a countersign server?"
        case .connectionLost(let outstanding):
            "the server closed a connection and left \(outstanding) requests unanswered: "
                + "see its log"
        case .ended(let reply): "the server ended the connection: \(Self.describe(reply))"
        case .stalled(let seconds, let outstanding):
            "no reply for \(seconds) seconds with \(outstanding) requests outstanding: "
                + "the server hangs or is suspended"
        case .challengesExpire(let milliseconds):
            "challenges expire after \(milliseconds) ms, before they can be answered: "
                + "give them a longer life in the server's configuration"
        case .emulator(let error): "\(error)"
        case .cryptography(let code): "a cryptographic operation failed (\(code))"
        case .cancelled: "the load test was stopped"
        }
    }

    private static func describe(_ error: LineClientError) -> String {
        switch error {
        case .cannotConnect(let place, let reason):
            "cannot connect to \(place): \(reason); is the server running?"
        case .refused(let reply):
            "the server refused the connection: \(describe(reply))" + advice(reply)
        case .ended(let reply): "the server ended the connection: \(describe(reply))"
        case .closed: "the server closed the connection: see its log"
        case .timedOut: "the server did not answer in time"
        case .cancelled: "the load test was stopped"
        case .malformedReply, .mismatchedReply:
            "the server sent what is no reply (\(error.code)): is it a countersign server?"
        }
    }

    private static func describe(_ reply: Reply) -> String {
        var parts = ["-" + reply.word.rawValue]
        parts += reply.options.filter { ["need", "reason", "retry"].contains($0.key) }
            .map { "\($0.key)=\($0.value)" }
        if let text = reply.text { parts.append(":" + text) }
        return parts.joined(separator: " ")
    }

    private static func advice(_ reply: Reply) -> String {
        switch reply.word {
        case .noPermission:
            "; the load test's client needs the rights verify, enroll, administer and stats"
        case .noAuthentication, .wrongSecret:
            "; give the name and the secret of a client that the server knows"
        default: ""
        }
    }
}
