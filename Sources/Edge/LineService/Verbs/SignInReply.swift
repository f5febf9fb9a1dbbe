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
        case .unfinished(let signIn):
            .refusal(
                .more,
                [
                    "txn": signIn.transaction, "user": signIn.user.text,
                    "methods": signIn.methods.map(\.rawValue).joined(separator: ","),
                    "timeout": String(signIn.lifetime.wholeMilliseconds),
                    "prompt": prompt(for: signIn.methods),
                ], text: "another factor is needed")
        // What follows is decided only once a first factor was right, so it may be told.
        case .refused(let user?, SignInVerdict.Code.userLocked):
            .refusal(.locked, ["user": user.text])
        case .refused(let user?, AccessRefusal.passwordChange.rawValue):
            .refusal(.no, ["user": user.text, "need": "password-change"])
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
        case .token, .accessPass, .password: break
        }
        return options + (grant.map(Self.options) ?? [])
    }

    /// What a yes says of what let the user in; nothing where nobody had decided anything.
    private static func options(of grant: AccessGrant) -> [Option] {
        var options: [Option] = []
        if !grant.policies.isEmpty {
            options.append(Option("policies", grant.policies.joined(separator: ",")))
        }
        if let frequency = grant.signInFrequency {
            options.append(Option("frequency", String(frequency.components.seconds)))
        }
        if grant.asksToRegister { options.append(Option("register", "yes")) }
        if let ticket = grant.ticket { options.append(Option("ticket", ticket)) }
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
        case .password: .password
        }
    }

    private var isPassword: Bool { means == .password }
    private var isOfProgram: Bool { if case .appPassword = means { true } else { false } }

    /// The authentication method references of RFC 8176, of all that was shown: the password first, the last factor last.
    /// A key counts as one in hardware only where that is attested.
    private var methodReferences: [String] {
        var references = hasPassword ? ["pwd"] : []
        references += (grant?.earlierFactors ?? []).flatMap(\.references) + lastReferences
        if hasPassword, hasFactor { references.append("mfa") }
        var seen: Set<String> = []
        // `mfa` is said of the whole, so it comes last.
        let isMultiFactor = references.contains("mfa")
        return references.filter { $0 != "mfa" && seen.insert($0).inserted }
            + (isMultiFactor ? ["mfa"] : [])
    }

    private var lastReferences: [String] {
        let key = isHardwareBound ? "hwk" : "swk"
        switch means {
        case .webauthn: return [key, "user"] + (isUserVerified ? ["mfa"] : [])
        case .card(_, _, let means):
            guard isUserVerified else { return [key, "sc"] }
            return [key, "sc"] + (means == [.pin] ? ["pin"] : []) + ["mfa"]
        case .token(.hmac): return [key]
        case .token, .recoveryCode, .accessPass: return ["otp"]
        // One secret that a program keeps is no method of the person's.
        case .appPassword, .password: return []
        case .phone(let keyGuard):
            guard isUserVerified else { return [key, "user"] }
            return [key, "user"] + (keyGuard == .pin ? ["pin"] : []) + ["mfa"]
        }
    }

    private var hasPassword: Bool { grant?.hasPassword == true && !isOfProgram }

    /// Whether the person showed something beside the password.
    private var hasFactor: Bool {
        !(grant?.earlierFactors ?? []).isEmpty || !(isPassword || isOfProgram)
    }

    /// The authenticator assurance level of NIST SP 800-63B: 3 takes hardware and a second factor, its own or the password;
    /// 2 a second factor.
    private var assuranceLevel: Int {
        var levels = (grant?.earlierFactors ?? []).map { factor in
            level(isSecondFactor: factor.isUserVerified, isHardwareKey: factor.isHardwareKey)
        }
        if !isPassword, !isOfProgram {
            levels.append(level(isSecondFactor: isUserVerified, isHardwareKey: isHardwareKey))
        }
        return levels.max() ?? 1
    }

    private func level(isSecondFactor: Bool, isHardwareKey: Bool) -> Int {
        guard isSecondFactor || hasPassword else { return 1 }
        return isHardwareKey ? 3 : 2
    }

    /// Whether it is a key in hardware that signs: a token with a serial number does not.
    private var isHardwareKey: Bool {
        switch means {
        case .webauthn, .card: isHardwareBound
        case .token, .recoveryCode, .accessPass, .appPassword, .phone, .password: false
        }
    }
}

extension AccessGrant.EarlierFactor {
    fileprivate var references: [String] {
        let key = isHardwareBound ? "hwk" : "swk"
        let verified = isUserVerified ? ["mfa"] : []
        switch method {
        case .webauthn: return [key, "user"] + verified
        case .piv: return [key, "sc"] + verified
        case .push: return [key, "user"] + verified
        case .hmac: return [key]
        case .totp, .hotp, .ocra, .recovery, .tap, .code: return ["otp"]
        case .apppass, .password: return []
        }
    }

    fileprivate var isHardwareKey: Bool { isHardwareBound && [.webauthn, .piv].contains(method) }
}
