public import Accounts
public import PushMessages

/// What the operator has decided about pushes to phones.
public struct PushPolicy: Sendable {
    /// How the person gives the number that the front end shows.
    public enum NumberEntry: Sendable, Hashable {
        /// It is typed on the phone.
        case typed
        /// It is chosen from three.
        case chosen
    }

    /// The server's name for people, 1 to 64 bytes.
    public let serverName: String
    /// Where phones reach the server.
    public let url: PhoneServiceURL
    /// The SHA-256 of the SubjectPublicKeyInfo of its TLS key, 32 bytes; `nil` for `http` on loopback.
    public let pin: [UInt8]?
    /// How long a prompt can be answered: 15 to 300 s; what is outside is brought to the nearer end.
    public var lifetime: Duration
    /// How many digits the number has: 2 to 6, likewise.
    public var digits: Int
    /// How the person gives the number.
    public var numberEntry: NumberEntry
    /// How many prompts a user may get in an hour without approving one.
    public var promptsPerHour: Int
    /// How many phones a user may have.
    public var maximumPhones: Int
    /// How phones must at least guard their keys. Phones that were enrolled with less get no prompts.
    public var minimumGuard: KeyGuard
    /// How long an enrolment ticket can be used.
    public var enrolmentLifetime: Duration
    /// Whether a user may enrol a phone. It may wait for the store.
    public var mayEnrol: @Sendable (UserName) -> Bool

    /// The default policy of a server: a minute, two digits that are typed, ten prompts an hour, five phones of any
    /// guard, ten minutes to enrol.
    ///
    /// - Throws: ``PushMessages/MalformedPush`` for a name, URL and pin that no enrolment ticket can hold.
    public init(serverName: String, url: PhoneServiceURL, pin: [UInt8]?) throws(MalformedPush) {
        _ = try EnrolmentTicket(
            url: url, pin: pin, ticket: "A", expiresAt: 0, server: serverName, user: "A")
        self.serverName = serverName
        self.url = url
        self.pin = pin
        lifetime = .seconds(60)
        digits = 2
        numberEntry = .typed
        promptsPerHour = 10
        maximumPhones = 5
        minimumGuard = .none
        enrolmentLifetime = .seconds(600)
        mayEnrol = { _ in true }
    }

    /// The lifetime within its bounds.
    var boundedLifetime: Duration { min(max(lifetime, .seconds(15)), .seconds(300)) }

    /// The number of digits within its bounds.
    var boundedDigits: Int { min(max(digits, 2), 6) }
}
