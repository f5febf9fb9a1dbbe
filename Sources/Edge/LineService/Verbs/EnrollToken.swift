import Accounts
import Ceremonies
import CredentialStore
import Encoding
import LineProtocol
import OATH
import WebAuthn

extension CoreServices {
    /// Begins to enrol a token. A program shows `uri` as a QR code, or puts `secret` into a slot.
    static func begin(
        _ tokens: TokenService, _ kind: TokenKind, _ invocation: Invocation
    ) throws(ArgumentError) -> Reply {
        let request = invocation.request
        let name = try request.userName()
        let parameters = try request.tokenParameters(kind)
        do throws(CeremonyError) {
            let enrolment = try tokens.begin(parameters, for: name, client: invocation.client.name)
            var options = [
                Option("txn", enrolment.transaction), Option("user", name.text),
                Option("kind", kind.rawValue),
                // Programs that write a device's slot take hexadecimal digits.
                Option(
                    "secret",
                    kind == .hmac
                        ? Hex.encode(enrolment.secret) : Base64URL.encode(enrolment.secret)),
            ]
            options += Request.options(of: parameters)
            if let uri = enrolment.uri { options.append(Option("uri", uri)) }
            if let question = enrolment.question { options.append(Option("question", question)) }
            if kind == .hmac {
                options.append(Option("challenge", Hex.encode(enrolment.challenge)))
                options.append(Option("enc", "hex"))
            }
            options.append(
                Option("timeout", String(enrolment.lifetime.components.seconds * 1000)))
            return .ok(options: options)
        } catch {
            return refusal(error, user: name.text)
        }
    }

    /// `ENROLL FINISH txn code=…|resp=… [label=] [slot=]`: keeps a token that shows that it works. After a wrong code the
    /// person may type another.
    static func finish(
        _ tokens: TokenService, _ invocation: Invocation
    ) throws(ArgumentError) -> Reply {
        let request = invocation.request
        let transaction = request.positionals[0]
        let proof: TokenProof
        if let code = request["code"] {
            try request.refuse(["resp"])
            proof = .code(code)
        } else {
            let text = try request.required("resp")
            do throws(MalformedEncoding) {
                proof = .response(try Hex.decode(text))
            } catch {
                throw .badValue("resp")
            }
        }
        let device = TokenDevice(slot: try request.number("slot", in: 1...2))
        let label = try request.label()
        do throws(CeremonyError) {
            let token = try tokens.finish(
                transaction, proof: proof, device: device, label: label,
                by: invocation.origin)
            return .ok(options: tokenOptions(token))
        } catch {
            return refusal(error, user: tokens.subject(of: transaction)?.text)
        }
    }

    /// What a token is, but for its secret.
    static func tokenOptions(_ token: Token) -> [Option] {
        var options: [Option] = []
        if let owner = token.owner { options.append(Option("user", owner.name.text)) }
        options.append(Option("cred", token.id.text))
        options.append(Option("kind", token.parameters.kind.rawValue))
        options += Request.options(of: token.parameters)
        if let serial = token.device.serial { options.append(Option("serial", serial)) }
        if let slot = token.device.slot { options.append(Option("slot", String(slot))) }
        if !token.device.manufacturer.isEmpty {
            options.append(Option("manufacturer", token.device.manufacturer))
        }
        if !token.device.model.isEmpty { options.append(Option("model", token.device.model)) }
        options.append(Option("label", token.label))
        return options
    }
}

extension TokenEnrolment {
    /// What authenticator apps scan, for the kinds of tokens that they are.
    fileprivate var uri: String? {
        guard [.totp, .hotp].contains(parameters.kind) else { return nil }
        return try? KeyURI(
            issuer: account.issuer, account: account.user.text, secret: secret,
            parameters: parameters, counter: 0
        ).text
    }
}

/// What tokens compute, as arguments carry it.
extension Request {
    /// The options that say what a token computes.
    static let tokenOptions = ["hash", "digits", "period", "suite", "slot"]

    /// `[hash=] [digits=] [period=]`, or `suite=` for a token that answers questions. What authenticator apps all
    /// understand is what is left out: SHA-1, six digits, thirty seconds.
    func tokenParameters(_ kind: TokenKind) throws(ArgumentError) -> TokenParameters {
        let hash = try word("hash", as: OATHHash.self) ?? .sha1
        let digits = try number("digits", in: 6...8).flatMap(OATHDigits.init(rawValue:)) ?? .six
        let period = try number("period", in: TokenParameters.periods) ?? 30
        do throws(MalformedOATH) {
            switch kind {
            case .totp: return try TokenParameters(.totp(digits, period: period), hash: hash)
            case .hotp: return try TokenParameters(.hotp(digits), hash: hash)
            case .hmac: return try TokenParameters(.challengeResponse, hash: hash)
            case .ocra:
                return try TokenParameters(
                    OCRASuite(self["suite"] ?? "OCRA-1:HOTP-SHA1-6:QN08"))
            }
        } catch {
            throw .badValue(kind == .ocra ? "suite" : "hash")
        }
    }

    /// What a token computes, as options of a reply.
    static func options(of parameters: TokenParameters) -> [Option] {
        switch parameters.mechanism {
        case .totp(let digits, let period):
            [
                Option("hash", parameters.hash.rawValue),
                Option("digits", String(digits.rawValue)), Option("period", String(period)),
            ]
        case .hotp(let digits):
            [Option("hash", parameters.hash.rawValue), Option("digits", String(digits.rawValue))]
        case .ocra(let suite): [Option("suite", suite.text)]
        case .challengeResponse: [Option("hash", parameters.hash.rawValue)]
        }
    }

    /// Refuses options that say what other kinds of tokens compute.
    func refuseTokenOptions(besides kind: TokenKind?) throws(ArgumentError) {
        let allowed: Set<String> =
            switch kind {
            case .totp: ["hash", "digits", "period"]
            case .hotp: ["hash", "digits"]
            case .ocra: ["suite"]
            case .hmac: ["hash", "slot"]
            case nil: []
            }
        try refuse(Self.tokenOptions.filter { !allowed.contains($0) })
    }
}
