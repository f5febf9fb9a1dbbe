public import Emulators
public import PhonePush
public import PushMessages

/// Why the software phone could not do what it was asked.
public enum PhoneFailure: Error, Hashable, Sendable {
    /// The state file cannot be used.
    case state(EmulatorError)
    /// The ticket is none.
    case malformedTicket(MalformedPush)
    /// The ticket's time is over.
    case ticketExpired
    /// The phone has as many accounts as it can hold.
    case tooManyAccounts
    /// The server could not be reached, or is not the one with the pinned key.
    case unreachable(PushFailure)
    /// The server's reply is not of the form that it must have.
    case malformedReply(MalformedPush)
    /// A message to the server would not be of the form that it must have: the phone's name, say, is too long.
    case unsendable(MalformedPush)
    /// The server answered with a status that this request has no use for.
    case unexpectedStatus(Int)
    /// The server said no, with this code.
    case refused(code: String)
    /// The phone has no such account.
    case noSuchAccount
    /// The phone is running already.
    case alreadyRunning
    /// A key could not be made or used.
    case cryptography(code: String)
    /// The push endpoint would be on an address of other machines.
    case notLoopback(address: String)
    /// The push endpoint could not be opened.
    case cannotListen(address: String, reason: String)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .state(let error): error.code
        case .malformedTicket(let failure): failure.code
        case .ticketExpired: "ticket-expired"
        case .tooManyAccounts: "too-many-accounts"
        case .unreachable(let failure): failure.code
        case .malformedReply(let failure): failure.code
        case .unsendable: "unsendable"
        case .unexpectedStatus: "unexpected-status"
        case .refused: "refused"
        case .noSuchAccount: "no-such-account"
        case .alreadyRunning: "already-running"
        case .cryptography: "cryptography"
        case .notLoopback: "not-loopback"
        case .cannotListen: "cannot-listen"
        }
    }
}

extension PhoneFailure: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .state(let error): "\(error)"
        case .malformedTicket(let failure): "that is no ticket of an enrolment (\(failure.code))"
        case .ticketExpired: "the ticket's time is over; have the server make a new one"
        case .tooManyAccounts: "this phone has all the accounts that it can hold"
        case .unreachable(let failure): "the server cannot be reached (\(failure.code))"
        case .malformedReply(let failure): "the server's reply is malformed (\(failure.code))"
        case .unsendable(let failure): "the phone cannot send that (\(failure.code))"
        case .unexpectedStatus(let status): "the server answered with status \(status)"
        case .refused(let code): "the server refused: \(code)"
        case .noSuchAccount: "this phone has no such account"
        case .alreadyRunning: "this phone is running already"
        case .cryptography(let code): "a key could not be made or used (\(code))"
        case .notLoopback(let address):
            "\(address) is not a loopback address; a software phone listens on this machine only"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        }
    }
}
