import NIOHTTP1

/// What became of a push.
public enum PushOutcome: Sendable, Hashable {
    /// The push service has it (2xx). Whether the phone ever gets it, nobody says.
    case accepted
    /// The push service does not know the subscription any more (404, 410): it should be forgotten.
    case gone
    /// The push service takes no messages of this length (413).
    case tooLarge
    /// The push service wants fewer messages (429), or cannot now (5xx); after so long, where it said so.
    case retryLater(status: Int, after: Duration?)
    /// The push service refuses, with this status: 3xx, which is not followed, or another 4xx.
    case refused(status: Int)
    /// There was no answer.
    case unreachable(PushFailure)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .accepted: "push-accepted"
        case .gone: "push-gone"
        case .tooLarge: "push-too-large"
        case .retryLater: "push-retry-later"
        case .refused: "push-refused"
        case .unreachable: "push-unreachable"
        }
    }

    /// What a response means (RFC 8030 §5, §7.3, §8.4).
    init(_ response: HTTPResponse) {
        switch response.status {
        case 200..<300: self = .accepted
        case 404, 410: self = .gone
        case 413: self = .tooLarge
        case 429, 500..<600:
            self = .retryLater(status: response.status, after: Self.pause(response))
        default: self = .refused(status: response.status)
        }
    }

    /// The seconds of Retry-After (RFC 9110 §10.2.3), at most a day. A date counts as nothing said: its clock is the
    /// push service's.
    private static func pause(_ response: HTTPResponse) -> Duration? {
        let values = response.headers["Retry-After"]
        guard
            values.count == 1, let text = values.first, (1...9).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let seconds = Int(text)
        else { return nil }
        return .seconds(min(seconds, 86_400))
    }
}
