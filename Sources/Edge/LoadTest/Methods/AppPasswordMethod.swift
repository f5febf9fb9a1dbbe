import Cryptography
import LineProtocol

/// App passwords, sent over and over as mail programs do that connect again and again.
struct AppPasswordMethod: LoadMethod {
    /// What the passwords are for. The server's configuration must have it among its services, as the default has.
    static let service = "imap"

    func enrol(
        _ user: String, over control: Control
    ) async throws(LoadTestError) -> String {
        // App passwords are for users who are held to a second factor everywhere else.
        _ = try await control.demand("USER MFA", [user], ["state": "enforced"])
        let added = try await control.demand(
            "APPPASS ADD", [user], ["svc": Self.service, "label": "loadtest"])
        guard let password = added["secret"] else {
            throw .unexpectedReply(request: "APPPASS ADD", missing: "secret")
        }
        return password
    }

    func request(
        of user: String, with password: inout String, _ ticket: NoTicket
    ) throws(LoadTestError) -> RequestLine {
        try requestLine("VERIFY", [user, password], ["svc": Self.service])
    }

    /// OpenSSL's HMAC over as much as the digest of an app password is of: a byte, a handle and sixteen letters.
    func baseline() throws(LoadTestError) -> Baseline {
        let (key, message) = (SecureRandom.bytes(32), SecureRandom.bytes(1 + 16 + 16))
        return Baseline(name: "OpenSSL HMAC-SHA256", unit: "digests of an app password") {
            for _ in 0..<16 {
                let code = HMACSHA256.authenticate(message, key: key)
                guard code.count == HashAlgorithm.sha256.byteCount else { return nil }
            }
            return 16
        }
    }
}
