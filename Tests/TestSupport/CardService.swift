import Foundation
import Synchronization

/// A PC/SC service of the tests' own, with virtual readers: pcscd and vpcd, kept to themselves.
///
/// It has its socket, its readers and its ports to itself, needs no privileges, listens on loopback only, and ends with
/// the process that started it. One process has one, because libpcsclite looks for its socket once: whoever uses the
/// service uses ``shared``.
public final class CardService: Sendable {
    /// Why there is no service.
    public struct Absence: Error, CustomStringConvertible {
        /// In words.
        public let description: String
    }

    /// How many readers there are: vpcd makes them in pairs. Its driver mixes up what they do at the same time, so that
    /// only one is to have a card.
    public static let readerCount = 2

    private static let daemon = "/usr/sbin/pcscd"
    private static let driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"

    /// The service, started by whoever asks first.
    public static let shared: Result<CardService, Absence> = begin()

    private static func begin() -> Result<CardService, Absence> {
        do throws(Absence) {
            let service = try CardService()
            do throws(Absence) {
                try service.build()
                try service.start()
            } catch {
                service.remove()
                throw error
            }
            atexit {
                if case .success(let service) = CardService.shared { service.remove() }
            }
            return .success(service)
        } catch {
            return .failure(error)
        }
    }

    /// Whether the service could be started.
    public static var isHere: Bool {
        if case .success = shared { true } else { false }
    }

    /// Why a test that needs the service is skipped.
    public static var absence: String {
        if case .failure(let absence) = shared { absence.description } else { "" }
    }

    private let folder: URL
    private let firstPort: Int
    private let process = Mutex<(Process, Pipe)?>(nil)

    /// The socket of the service, for the environment of programs: `PCSCLITE_CSOCK_NAME`.
    public var socket: String { folder.appending(path: "run/pcscd.comm").path }

    /// The name of a reader, counted from 0.
    public func reader(_ number: Int) -> String {
        "Countersign 00 0\(number)"
    }

    /// The port at which a reader waits for its card.
    public func port(_ number: Int) -> Int { firstPort + number }

    private init() throws(Absence) {
        for needed in [Self.daemon, Self.driver]
        where !FileManager.default.fileExists(atPath: needed) {
            throw Absence(description: "\(needed) is not installed")
        }
        // A socket's path has at most 107 bytes.
        folder = URL(filePath: "/tmp/cs-card-\(UUID().uuidString.prefix(8))")
        firstPort = try Self.freePorts()
        try attempt("the folder of the service") {
            for name in ["run", "readers"] {
                try FileManager.default.createDirectory(
                    at: folder.appending(path: name), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            }
            try configuration.write(
                to: folder.appending(path: "readers/virtual"), atomically: true, encoding: .utf8)
        }
        unsafe setenv("PCSCLITE_CSOCK_NAME", socket, 1)
    }

    private func remove() {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts it, and waits until it answers. Does nothing where it runs.
    public func start() throws(Absence) {
        let failure = process.withLock { running -> Absence? in
            guard running == nil else { return nil }
            do throws(Absence) {
                running = try launch()
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Ends it, and waits until it has ended.
    public func stop() {
        let running = process.withLock { $0.take() }
        guard let (process, input) = running else { return }
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func launch() throws(Absence) -> (Process, Pipe) {
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(filePath: Self.daemon)
        process.arguments = [
            "--foreground", "--auto-exit", "--config", folder.appending(path: "readers").path,
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "LD_PRELOAD": shim, "PCSCD_FOLDER": folder.appending(path: "run").path,
        ]) { $1 }
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try attempt(Self.daemon) { try process.run() }
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end, process.isRunning {
            if answers { return (process, input) }
            usleep(20_000)
        }
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        throw Absence(description: "\(Self.daemon) does not start here")
    }

    /// Whether somebody listens at the socket. The readers are there before that.
    private var answers: Bool {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: Array(socket.utf8))
        }
        return unsafe withUnsafePointer(to: &address) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private var shim: String { folder.appending(path: "confinement.so").path }

    /// Builds what keeps the service to itself.
    private func build() throws(Absence) {
        let source = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Confinement/pcscd.c")
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-shared", "-fPIC", "-o", shim, source.path]
        try attempt("cc") { try compiler.run() }
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw Absence(description: "cc, a C compiler, is not here or does not build a library")
        }
    }

    private var configuration: String {
        let number = String(firstPort, radix: 16)
        return """
            FRIENDLYNAME "Countersign"
            DEVICENAME /dev/null:0x\(number)
            LIBPATH \(Self.driver)
            CHANNELID 0x\(number)

            """
    }

    /// Finds as many ports in a row as there are readers, none of which anybody listens at now.
    private static func freePorts() throws(Absence) -> Int {
        for _ in 0..<64 {
            let first = Int.random(in: 20_000..<32_000)
            if (first..<first + readerCount).allSatisfy(isFree) { return first }
        }
        throw Absence(description: "there are no free ports")
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// Turns what Foundation throws into an absence.
private func attempt(
    _ name: String, _ body: () throws -> Void
) throws(CardService.Absence) {
    do {
        try body()
    } catch {
        throw CardService.Absence(description: "\(name): \(error.localizedDescription)")
    }
}
