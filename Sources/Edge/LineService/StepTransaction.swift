import Ceremonies
import LineProtocol

/// A transaction of a challenge, and of the sign-in that it is for a step of: the two texts with a dot between, which is in
/// neither.
struct StepTransaction {
    let challenge: String
    let signIn: String?

    init(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        challenge = parts.first.map(String.init) ?? ""
        signIn = parts.count == 2 ? String(parts[1]) : nil
    }

    static func text(_ challenge: String, of signIn: String?) -> String {
        signIn.map { "\(challenge).\($0)" } ?? challenge
    }
}

/// A sign-in that a front end began, and the transaction by which it says so.
struct BegunTransaction {
    let transaction: String
    let state: SignInState
}

extension Request {
    /// The option `txn`: a sign-in of this client's that was begun and whose time is not over.
    func signIn(
        _ access: AccessService, _ client: Client
    ) throws(ArgumentError) -> BegunTransaction? {
        guard let transaction = self["txn"] else { return nil }
        guard let state = access.open(transaction, client: client.name) else {
            throw .badValue("txn")
        }
        return BegunTransaction(transaction: transaction, state: state)
    }
}
