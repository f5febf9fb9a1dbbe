import Authenticators
import CTAP
import Emulators
import SecurityKeys
import Synchronization
import Testing

/// A transport to a software key whose reports somebody changes on their way to the driver.
final class Saboteur: ReportTransport {
    /// Turns the report that came, by its number since the transport was opened, into those that arrive.
    typealias Act = @Sendable (_ report: [UInt8], _ number: Int) -> [[UInt8]]

    private let key: any ReportTransport
    private let act: Act
    private let state = Mutex<(count: Int, arrived: [[UInt8]])>((0, []))

    init(_ key: any ReportTransport, _ act: @escaping Act) {
        self.key = key
        self.act = act
    }

    func write(_ report: [UInt8]) -> Bool { key.write(report) }

    func read(timeout: Duration) -> [UInt8]? {
        let end = ContinuousClock.now + timeout
        while true {
            let arrived = state.withLock { $0.arrived.isEmpty ? nil : $0.arrived.removeFirst() }
            if let arrived { return arrived }
            guard let report = key.read(timeout: max(.zero, end - .now)) else { return nil }
            state.withLock { state in
                state.arrived += act(report, state.count)
                state.count += 1
            }
        }
    }

    func close() { key.close() }

    /// Little patience, so that a test of many stalls ends soon.
    static let patience = Patience(promptly: .milliseconds(100), farewell: .milliseconds(20))

    /// A driver for `key` behind a saboteur.
    static func device(
        _ key: SoftwareSecurityKey, patience: Patience = patience, _ act: @escaping Act
    ) -> SecurityKeyDevice {
        SecurityKeyDevice(path: .emulator(file: "test.key"), patience: patience) {
            Saboteur(key.openTransport(), act)
        }
    }

    /// An act that rewrites whole messages to others of the same length; keepalives pass.
    static func rewriting(
        _ rewrite: @escaping @Sendable (HIDMessage) throws -> HIDMessage
    ) -> Act {
        let pending = Mutex<HIDReassembler?>(nil)
        return { report, _ in
            pending.withLock { pending in
                do {
                    let packet = try HIDPacket(decoding: report)
                    if case .initialization(_, .keepalive, _, _) = packet { return [report] }
                    var reassembler: HIDReassembler
                    var progress: HIDReassembler.Progress
                    if let started = pending {
                        reassembler = started
                        progress = try reassembler.append(packet)
                    } else {
                        reassembler = try #require(try HIDReassembler(first: packet))
                        progress = try reassembler.progress
                    }
                    guard case .complete(let message) = progress else {
                        pending = reassembler
                        return []
                    }
                    pending = nil
                    return try rewrite(message).reports
                } catch {
                    Issue.record(error)
                    return [report]
                }
            }
        }
    }
}

extension HIDMessage {
    /// The same with `old` replaced by `new` in the payload.
    func replacing(_ old: String, with new: String) throws -> HIDMessage {
        guard let range = payload.firstRange(of: Array(old.utf8)) else { return self }
        var payload = payload
        payload.replaceSubrange(range, with: Array(new.utf8))
        return try HIDMessage(channel: channel, command: command, payload: payload)
    }
}
