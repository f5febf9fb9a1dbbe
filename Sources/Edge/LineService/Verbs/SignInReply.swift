import Accounts
import Ceremonies
import CredentialStore
import DeviceModels
import LineProtocol
import OATH
import PIV
import PushMessages
import WebAuthn

extension CoreServices {
    /// What a verdict is to the one who asked.
    static func reply(
        to verdict: AuthenticationVerdict, for invocation: Invocation
    ) -> Reply {
        switch verdict {
        case .accepted(let signIn): .ok(options: signIn.options)
        case .refused(let user?, let code): invocation.no(["user": user.text], reason: code)
        case .refused(nil, _): .refusal(.noTransaction, text: "no such transaction")
        case .limited(let user, let delay):
            .refusal(.limit, ["user": user.text, "retry": String(delay.wholeMilliseconds)])
        case .unavailable: .unavailable
        }
    }
}

extension Duration {
    /// Milliseconds, rounded up.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

extension AcceptedSignIn {
    /// What a yes says.
    var options: [Option] {
        var options = [Option("user", user.text), Option("method", method.rawValue)]
        if !methodReferences.isEmpty {
            options.append(Option("amr", methodReferences.joined(separator: ",")))
        }
        options.append(Option("aal", String(assuranceLevel)))
        if let credentialID { options.append(Option("cred", credentialID.text)) }
        if !label.isEmpty || credentialID != nil { options.append(Option("label", label)) }
        switch means {
        case .webauthn(let counter, let verificationMeans):
            options.append(Option("count", String(counter)))
            options.append(Option("uv", isUserVerified ? "yes" : "no"))
            if isUserVerified, !verificationMeans.isEmpty {
                let means = verificationMeans.map(\.rawValue).sorted()
                options.append(Option("uvm", means.joined(separator: ",")))
            }
        case .card(let slot, let serialNumber, let means):
            options.append(Option("slot", slot.description))
            if let serialNumber { options.append(Option("serial", String(serialNumber))) }
            options.append(Option("uv", isUserVerified ? "yes" : "no"))
            if isUserVerified, !means.isEmpty {
                let words = means.map(\.rawValue).sorted()
                options.append(Option("uvm", words.joined(separator: ",")))
            }
        case .recoveryCode(let left): options.append(Option("left", String(left)))
        case .appPassword(let number): options.append(Option("app", String(number)))
        case .phone(let keyGuard): options.append(Option("guard", keyGuard.rawValue))
        case .token, .accessPass: break
        }
        return options
    }

    private var method: SignInMethod {
        switch means {
        case .webauthn: .webauthn
        case .card: .piv
        case .token(let kind): kind.signInMethod
        case .recoveryCode: .recovery
        case .accessPass: .tap
        case .appPassword: .apppass
        case .phone: .push
        }
    }

    /// The authentication method references of RFC 8176. A key counts as one in hardware only where that is attested.
    private var methodReferences: [String] {
        let key = isHardwareBound ? "hwk" : "swk"
        switch means {
        case .webauthn: return [key, "user"] + (isUserVerified ? ["mfa"] : [])
        case .card(_, _, let means):
            guard isUserVerified else { return [key, "sc"] }
            return [key, "sc"] + (means == [.pin] ? ["pin"] : []) + ["mfa"]
        case .token(.hmac): return [key]
        case .token, .recoveryCode, .accessPass: return ["otp"]
        // One secret that a program keeps is no method of the person's.
        case .appPassword: return []
        case .phone(let keyGuard):
            guard isUserVerified else { return [key, "user"] }
            return [key, "user"] + (keyGuard == .pin ? ["pin"] : []) + ["mfa"]
        }
    }

    /// The authenticator assurance level of NIST SP 800-63B: 3 takes hardware and a verified person, 2 a verified
    /// person.
    private var assuranceLevel: Int {
        guard isUserVerified else { return 1 }
        return isHardwareBound ? 3 : 2
    }
}
