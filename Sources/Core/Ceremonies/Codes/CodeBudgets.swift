import Accounts
import Addresses
import CredentialStore
import Synchronization

/// The failure budgets of a server, which all that can be guessed draws on.
public final class CodeBudgets: Sendable {
    private let budgets: Mutex<FailureBudgets>

    /// Budgets with these limits.
    public init(limits: FailureLimits) {
        budgets = Mutex(FailureBudgets(limits: limits))
    }

    func admit(
        _ user: UserName, from source: IPNetwork?, isFamiliar: Bool, secret: [UInt8]? = nil,
        at now: Timestamp
    ) -> FailureBudgets.Answer {
        budgets.withLock {
            $0.admit(user, from: source, isFamiliar: isFamiliar, secret: secret, at: now)
        }
    }

    /// A completion that settles an attempt before it tells of it: a right one starts the user's count anew.
    ///
    /// What nobody could judge is given back, and so is an answer to what has been answered, which tells nothing of the
    /// code. Of a right app password no more than that either: a program sends it all day, and whoever has stolen one
    /// could guess codes between.
    func settling(
        _ admission: FailureBudgets.Admission,
        _ completion: @escaping @Sendable (AuthenticationVerdict) -> Void
    ) -> @Sendable (AuthenticationVerdict) -> Void {
        { [self] verdict in
            switch verdict {
            case .accepted(let signIn) where !signIn.means.isAppPassword:
                budgets.withLock { $0.succeed(admission) }
            case .unfinished: budgets.withLock { $0.succeed(admission) }
            case .accepted, .unavailable, .refused(_, SignInVerdict.Code.challengeSpent):
                budgets.withLock { $0.withdraw(admission) }
            case .refused, .limited: break
            }
            completion(verdict)
        }
    }
}

extension AcceptedSignIn.Means {
    fileprivate var isAppPassword: Bool {
        if case .appPassword = self { true } else { false }
    }
}
