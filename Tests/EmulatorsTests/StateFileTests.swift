import CTAP
import Emulators
import Encoding
import Foundation
import ISO7816
import Testing
import WebAuthn

struct StateFileTests {
    /// A folder that goes away with the test.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "countersign-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: false)
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        var path: String { url.appending(path: "key.state").path }
        var contents: [UInt8] {
            get throws { try Array(Data(contentsOf: URL(filePath: path))) }
        }

        func write(_ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: path))
        }
    }

    private func lab(_ folder: Folder, seed: UInt64 = 1) throws -> Lab {
        try Lab(storage: .file(path: folder.path), seed: seed)
    }

    @Test func `a key outlives its process`() throws {
        let folder = try Folder()
        let root: [UInt8]
        let wrapped: Registered
        let stored: Registered
        do {
            let lab = try lab(folder)
            root = lab.key.attestationRoot
            try lab.setPIN()
            wrapped = try lab.register()
            var request = Ceremony.registration(options: ["rk": true, "uv": true])
            request.extensions = ["largeBlobKey": true, "hmac-secret": true, "credProtect": 2]
            stored = try lab.register(request)
            let wrong = try Platform(lab, .two).getToken(pin: "0000", .credentialManagement)
            #expect(try lab.status(.clientPIN(wrong)) == .pinInvalid)
        }
        let lab = try lab(folder, seed: 2)
        #expect(lab.key.attestationRoot == root)
        #expect(try lab.retries.pinRetries == 7)
        let (first, data) = try lab.assert(Ceremony.authentication(wrapped))
        #expect(try wrapped.verifies(first))
        #expect(data.signatureCounter == 3)
        let (second, _) = try lab.assert(Ceremony.authentication(options: ["uv": true]))
        #expect(try stored.verifies(second))
        #expect(second.user?.displayName == "ALICE")
        _ = try lab.pinToken(.credentialManagement)
        #expect(try lab.retries.pinRetries == 8)
    }

    @Test func `only its owner may read the file, and no other is left behind`() throws {
        let folder = try Folder()
        do {
            let lab = try lab(folder)
            _ = try lab.register()
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names.sorted() == ["key.state", "key.state.lock"])
    }

    @Test func `two keys cannot have one file`() throws {
        let folder = try Folder()
        let lab = try lab(folder)
        #expect(throws: EmulatorError.stateFileInUse(path: folder.path)) {
            try SoftwareSecurityKey(storage: .file(path: folder.path))
        }
        #expect(try lab.status(.getInfo) == .success)
    }

    @Test func `a damaged file is refused and left alone`() throws {
        let folder = try Folder()
        do { _ = try lab(folder) }
        let contents = try folder.contents
        func isRefused(_ bytes: [UInt8]) throws -> Bool {
            try folder.write(bytes)
            do throws(EmulatorError) {
                _ = try SoftwareSecurityKey(storage: .file(path: folder.path))
                return false
            } catch {
                #expect(error.code == "damaged-state-file")
            }
            return try folder.contents == bytes
        }
        for count in stride(from: 0, to: contents.count, by: 7) {
            #expect(try isRefused(Array(contents.prefix(count))))
        }
        for byte in stride(from: 0, to: contents.count, by: 5) {
            var flipped = contents
            flipped[byte] ^= 1 << (byte % 8)
            #expect(try isRefused(flipped))
        }
        #expect(try isRefused(contents + [0]))
        try folder.write(contents)
        _ = try lab(folder)
    }

    @Test func `a file that cannot be opened says why`() throws {
        #expect(
            throws: EmulatorError.stateFile(
                path: "/nowhere/key.state", reason: "open: No such file or directory")
        ) {
            try SoftwareSecurityKey(storage: .file(path: "/nowhere/key.state"))
        }
    }

    @Test func `a command whose state cannot be saved fails`() throws {
        let folder = try Folder()
        let lab = try lab(folder)
        try FileManager.default.removeItem(at: folder.url)
        #expect(try lab.status(.makeCredential(Ceremony.registration())) == .other)
        let register = U2FRequest.register(
            challenge: Ceremony.clientDataHash, application: Ceremony.clientDataHash)
        #expect(try lab.u2f(register).status == .memoryFailure)
        #expect(try lab.status(.getInfo) == .other)
    }
}
