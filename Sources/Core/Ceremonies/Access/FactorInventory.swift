package import Accounts
package import ConditionalAccess
package import CredentialStore
package import DeviceModels
import OATH
import PushMessages

/// What users have to sign in with, each at its best.
package struct FactorInventory: Sendable {
    private let store: SQLiteStore
    private let catalogue: Catalogue
    private let offered: Set<SignInMethod>

    /// The factors that a store holds, of those methods that the server offers.
    package init(store: SQLiteStore, catalogue: Catalogue, offered: Set<SignInMethod>) {
        self.store = store
        self.catalogue = catalogue
        self.offered = offered
    }

    /// The factors that a user could show. App passwords are none, and a pass counts where there is one.
    package func factors(of user: UserName) throws(StoreError) -> [PresentedFactor] {
        var factors: [PresentedFactor] = []
        factors += try store.credentials(of: user).map { credential in
            let device = DeviceFacts(credential, catalogue)
            let model = device.model.flatMap { id in catalogue.models.first { $0.id == id } }
            return PresentedFactor(
                .webauthn,
                isUserVerified: model == nil || !device.verification.isEmpty,
                isHardwareBound: model?.isSoftware == false && !credential.isBackupEligible,
                device: device)
        }
        factors += try store.cardCredentials(of: user).map { credential in
            PresentedFactor(
                .piv, isUserVerified: credential.key.isPINRequired,
                isHardwareBound: credential.key.isHardwareBound(catalogue),
                device: DeviceFacts(credential, catalogue))
        }
        factors += try store.phones(of: user).map { phone in
            PresentedFactor(.push, isUserVerified: phone.keyGuard.verifiesUser)
        }
        factors += try store.tokens(of: user).map { token in
            PresentedFactor(
                token.parameters.kind.signInMethod, isHardwareBound: token.device.serial != nil)
        }
        let spare = try store.spareMethods(of: user)
        factors += spare.map { PresentedFactor($0) }
        return factors.filter { offered.contains($0.method) }
    }

    /// The methods of those of a user's factors that will do, the strongest first, each once.
    func methods(
        of user: UserName, thatWillDo willDo: (PresentedFactor) -> Bool
    ) throws(StoreError) -> [SignInMethod] {
        let found = Set(try factors(of: user).filter(willDo).map(\.method))
        return Self.strongestFirst.filter(found.contains)
    }

    /// The order in which methods are offered.
    static let strongestFirst: [SignInMethod] = [
        .webauthn, .piv, .push, .totp, .hotp, .ocra, .hmac, .tap, .recovery,
    ]
}
