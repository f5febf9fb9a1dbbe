import Accounts
import Addresses
import Ceremonies
import CredentialStore
import LineProtocol

extension CoreServices {
    /// `VERIFY user code [svc=] [rip=] [method=]`: a one-time code, a recovery code, a Temporary Access Pass or an app
    /// password. `+OK` means authenticated and on disk; everything else does not.
    var verifyVerb: Verb {
        let syntax = VerbSyntax(
            "VERIFY", summary: "Verify a typed code or an app password",
            positionals: ["user", "code"],
            options: ["svc", "rip", "method"] + Request.circumstanceOptions)
        let codes = codes
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let request = invocation.request
                let code = CodeRequest(
                    user: try request.userName(), code: request.positionals[1],
                    method: try request.codeMethod(), service: try request.service(),
                    address: try request.address(), client: invocation.client.name,
                    attempt: try request.attempt())
                codes.verify(code) { verdict in
                    promise.fulfil(Self.reply(to: verdict, for: invocation))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }
}

extension Request {
    /// The option `method`, of those that a code can be of.
    func codeMethod() throws(ArgumentError) -> SignInMethod? {
        let method = try word("method", as: SignInMethod.self)
        switch method {
        case nil, .totp, .hotp, .recovery, .tap, .apppass: return method
        case .webauthn, .piv, .ocra, .hmac, .push, .password, .code: throw .badValue("method")
        }
    }

    /// The option `svc`: 1 to 64 of the characters that service names have.
    func service() throws(ArgumentError) -> String? {
        guard let name = self["svc"] else { return nil }
        guard Self.isServiceName(name) else { throw .badValue("svc") }
        return name
    }

    /// The option `svc` as a list with commas between.
    func services() throws(ArgumentError) -> Set<String> {
        let names = try required("svc").split(separator: ",", omittingEmptySubsequences: false)
            .map(String.init)
        guard names.count <= 16, names.allSatisfy(Self.isServiceName) else {
            throw .badValue("svc")
        }
        return Set(names)
    }

    private static func isServiceName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }

    /// The option `rip`: where the user is.
    func address() throws(ArgumentError) -> IPAddress? {
        guard let text = self["rip"] else { return nil }
        do throws(MalformedAddress) {
            return try IPAddress(text)
        } catch {
            throw .badValue("rip")
        }
    }

    /// An option that is a number within bounds.
    func number<Number: FixedWidthInteger>(
        _ key: String, in range: ClosedRange<Number>
    ) throws(ArgumentError) -> Number? {
        guard let text = self[key] else { return nil }
        guard let number = Number(text), String(number) == text, range.contains(number) else {
            throw .badValue(key)
        }
        return number
    }
}
