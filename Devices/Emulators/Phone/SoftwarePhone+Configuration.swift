public import PushMessages

extension SoftwarePhone {
    /// Where a software phone keeps its state.
    public enum Storage: Sendable, Hashable {
        /// Nowhere: the phone ends with the process.
        case memory
        /// In a file, made with mode 0600 if there is none.
        case file(path: String)
    }

    /// How prompts reach the phone. A port is one of this machine's for the push endpoint; 0 for any free one.
    public enum Delivery: Sendable, Hashable {
        /// It asks for them, and has no push endpoint.
        case poll
        /// Through its push endpoint only.
        case push(port: Int)
        /// Both ways.
        case pushAndPoll(port: Int)

        /// Whether it asks.
        var polls: Bool {
            switch self {
            case .poll, .pushAndPoll: true
            case .push: false
            }
        }

        /// The port of the push endpoint, where it has one.
        var pushPort: Int? {
            switch self {
            case .poll: nil
            case .push(let port), .pushAndPoll(let port): port
            }
        }
    }

    /// What a phone is like.
    public struct Configuration: Sendable {
        /// Its name for people: 1 to 64 bytes.
        public var name = "software phone"
        /// How it says that it guards its keys. It does not.
        public var keyGuard = KeyGuard.pin
        /// How prompts reach it.
        public var delivery = Delivery.pushAndPoll(port: 0)
        /// The loopback address of the push endpoint, in numbers.
        public var host = "127.0.0.1"
        /// How long the server may wait for a prompt at each poll, in seconds: 0 to 50.
        public var pollWait = 25
        /// Its clock.
        public var clock = PhoneClock.system

        /// The usual.
        public init() {}
    }

    /// An account that the phone is enrolled for.
    public struct Account: Sendable, Hashable {
        /// What the server calls the phone.
        public let phone: PhoneID
        /// The account's name.
        public let user: String
        /// The server's name.
        public let server: String
        /// The push endpoint that the server knows; `nil` where the phone only polls.
        public let endpoint: String?

        package init(phone: PhoneID, user: String, server: String, endpoint: String?) {
            self.phone = phone
            self.user = user
            self.server = server
            self.endpoint = endpoint
        }
    }
}
