import ArgumentParser
import AuditLog
import Authenticators
import LineClient
import LineProtocol

/// Why a command ended without doing its job: what happened, what to do next, and the exit status.
struct CommandFailure: Error, CustomStringConvertible {
    /// What the exit status says, after sysexits(3).
    enum Status: Int32 {
        case refused = 1
        case unavailable = 69
        case internalError = 70
        case configuration = 78
    }

    let status: Status
    let problem: String
    let advice: String?

    init(_ status: Status, _ problem: String, advice: String? = nil) {
        self.status = status
        self.problem = problem
        self.advice = advice
    }

    init(_ failure: AuthenticatorFailure) {
        let status: Status =
            switch failure {
            case .declined, .cancelled, .pinInvalid, .pinPolicy, .pukInvalid,
                .managementKeyRejected, .managementKeyIsDefault, .verificationFailed,
                .noCredentials, .credentialExcluded, .slotInUse:
                .refused
            default: .unavailable
            }
        self.init(status, failure.description, advice: failure.advice)
    }

    init(_ error: LineClientError, server: String) {
        switch error {
        case .cannotConnect(let place, let reason):
            self.init(
                .unavailable, "no server answers at \(place) (\(reason))",
                advice: "Start one with 'countersign serve', or give its socket with --socket.")
        case .refused(let reply), .ended(let reply):
            self.init(
                .unavailable, "the server at \(server) refused: \(reply.summary)",
                advice: "Check in the server's configuration that this user may connect.")
        default:
            self.init(
                .unavailable, "the connection to \(server) failed (\(error.code))",
                advice: "Check that the server still runs, then try again.")
        }
    }

    var description: String {
        advice.map { "\(problem)\n  \($0)" } ?? problem
    }
}

/// Runs a command's body; a failure goes to standard error and into the exit status.
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as CommandFailure {
        Terminal.complain("countersign: \(failure)")
        throw ExitCode(failure.status.rawValue)
    } catch let failure as AuthenticatorFailure {
        let failure = CommandFailure(failure)
        Terminal.complain("countersign: \(failure)")
        throw ExitCode(failure.status.rawValue)
    } catch let error as ExitCode {
        throw error
    } catch {
        Terminal.complain("countersign: an unexpected answer or fault: \(error)")
        throw ExitCode(CommandFailure.Status.internalError.rawValue)
    }
}

extension Reply {
    /// The reply as a person reads it.
    var summary: String {
        var words = ["\(isSuccess ? "+" : "-")\(word.rawValue)"]
        words += options.map { "\($0.key)=\($0.value)" }
        if let text { words.append(":\(text)") }
        return HarmlessText.escaped(words.joined(separator: " "))
    }
}
