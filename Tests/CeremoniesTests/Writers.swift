import Accounts
import Ceremonies
import ConditionalAccess
import CredentialStore
import DeviceModels
import VerificationCore
import WebAuthn

extension SignInWriter {
    /// A writer of a server without policies, whose sign-ins are all of one answer.
    convenience init(store: SQLiteStore) {
        self.init(
            store: store, secret: [UInt8](repeating: 7, count: 32), book: PolicyBook(.empty),
            policy: ServerPolicy(relyingParties: []), catalogue: .empty,
            offered: Set(SignInMethod.allCases), clock: { Timestamp(milliseconds: 0) })
    }
}
