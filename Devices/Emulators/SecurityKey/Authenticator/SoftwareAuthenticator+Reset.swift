import CTAP
import Cryptography

extension SoftwareAuthenticator {
    /// authenticatorReset (CTAP 2.1 §6.6): soon after power-up and with a touch.
    func reset() throws(CTAPStatus) -> Step {
        if case .afterPowerUp(let window) = configuration.resetWindow,
            now - session.poweredUpAt >= window
        {
            throw .notAllowed
        }
        return askForTouch { (authenticator) throws(CTAPStatus) in
            let random = authenticator.random
            authenticator.state.reset(deviceSecret: random.bytes(32))
            let poweredUpAt = authenticator.session.poweredUpAt
            authenticator.session = try authenticator.internally {
                () throws(CryptographyError) in
                try Session(random: random, poweredUpAt: poweredUpAt)
            }
            return .reply(.success)
        }
    }
}
