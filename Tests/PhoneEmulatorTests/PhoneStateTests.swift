import Emulators
import Encoding
import Foundation
import PhoneEmulator
import PushMessages
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PhoneStateTests {
    /// A folder that goes away with the test.
    private final class Folder {
        private let url = FileManager.default.temporaryDirectory.appending(
            path: "countersign-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: false)
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        var path: String { url.appending(path: "alice.phone").path }
        var storage: SoftwarePhone.Storage { .file(path: path) }
        var contents: [UInt8] {
            get throws { try Array(Data(contentsOf: URL(filePath: path))) }
        }

        func write(_ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: path))
        }

        /// Why there is no phone with this file, if so.
        var failure: PhoneFailure? {
            untilFree {
                do throws(PhoneFailure) {
                    _ = try SoftwarePhone(storage: storage)
                    return nil
                } catch {
                    return error
                }
            }
        }

        /// What a phone says to this state.
        func failure(_ state: CBOR) throws -> PhoneFailure? {
            let refusal = untilFree {
                do throws(EmulatorError) {
                    let file = try StateFile(path: path, header: PhoneStateTests.header)
                    try file.save(state)
                    return nil
                } catch {
                    return .state(error)
                }
            }
            return refusal ?? failure
        }

        /// Reads the state.
        func state() throws -> CBOR {
            var state: CBOR?
            let refusal = untilFree {
                do throws(EmulatorError) {
                    let file = try StateFile(path: path, header: PhoneStateTests.header)
                    state = try file.load()
                    return nil
                } catch {
                    return .state(error)
                }
            }
            #expect(refusal == nil)
            return try #require(state)
        }

        /// A process that another test starts has our lock too, from its fork to its exec.
        private func untilFree(_ attempt: () -> PhoneFailure?) -> PhoneFailure? {
            for _ in 0..<100_000 {
                let failure = attempt()
                guard failure == .state(.stateFileInUse(path: path)) else { return failure }
                sched_yield()
            }
            return attempt()
        }
    }

    private static let header = "countersign software phone, version 1"

    private func damaged(_ folder: Folder) -> PhoneFailure {
        .state(.damagedStateFile(path: folder.path, reason: "its content is no phone's"))
    }

    @Test func `a phone outlives its process, its endpoint may move`() async throws {
        let office = try await PhoneOffice.start()
        let folder = try Folder()
        let registration: PhoneRegistration
        let accounts: [SoftwarePhone.Account]
        do {
            let (phone, registered) = try await office.enrolled(storage: folder.storage)
            registration = registered
            try await office.push(office.prompt(registration), to: registration)
            try await phone.run(person: .script([.approve], number: { _ in "60" }))
            accounts = phone.accounts
            await phone.close()
        }
        #expect(folder.failure == nil)
        let phone = try SoftwarePhone(storage: folder.storage)
        #expect(phone.accounts == accounts)
        office.offer(try office.press.sign(office.prompt(registration)))
        try await phone.run(person: .script([.replay], number: { _ in nil }))
        #expect(office.decisions.count == 2)
        #expect(office.decisions.first == office.decisions.last)
        let update = try #require(office.updates.last)
        #expect(phone.accounts.map(\.endpoint) == [update.message.subscription?.endpoint])
        #expect(phone.accounts.map(\.phone) == accounts.map(\.phone))
    }

    @Test func `a phone that polls only now says so`() async throws {
        let office = try await PhoneOffice.start()
        let folder = try Folder()
        do {
            _ = try await office.enrolled(storage: folder.storage)
        }
        var configuration = SoftwarePhone.Configuration()
        configuration.delivery = .poll
        let phone = try SoftwarePhone(storage: folder.storage, configuration: configuration)
        let registration = try #require(office.registrations.first)
        office.offer(try office.press.sign(office.prompt(registration)))
        try await phone.run(person: .script([.decline], number: { _ in nil }))
        #expect(office.updates.map(\.message.subscription) == [nil])
        #expect(phone.accounts.map(\.endpoint) == [nil])
    }

    @Test func `nobody else may read the file, and one process has it at a time`() async throws {
        let folder = try Folder()
        let phone = try SoftwarePhone(storage: folder.storage)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(throws: PhoneFailure.state(.stateFileInUse(path: folder.path))) {
            _ = try SoftwarePhone(storage: folder.storage)
        }
        #expect(phone.accounts.isEmpty)
    }

    @Test func `no proper prefix and no changed bit is taken for a phone`() async throws {
        let office = try await PhoneOffice.start()
        let folder = try Folder()
        do { _ = try await office.enrolled(.poll, storage: folder.storage) }
        let contents = try folder.contents
        var random = SplitMix64(seed: 6)
        var variants = contents.properPrefixes.filter { _ in
            Int.random(in: 0..<8, using: &random) == 0
        }
        variants += contents.singleBitFlips.filter { _ in
            Int.random(in: 0..<32, using: &random) == 0
        }
        #expect(variants.count > 100)
        for variant in variants {
            try folder.write(variant)
            guard case .state(.damagedStateFile) = folder.failure else {
                Issue.record("it was taken")
                return
            }
            #expect(try folder.contents == variant)
        }
        try folder.write(contents)
        #expect(folder.failure == nil)
    }

    @Test func `a state without one of its members, or with another, is none`() async throws {
        let office = try await PhoneOffice.start()
        let folder = try Folder()
        do {
            let (phone, registration) = try await office.enrolled(storage: folder.storage)
            try await office.push(office.prompt(registration), to: registration)
            try await phone.run(person: .script([.decline], number: { _ in nil }))
            await phone.close()
        }
        let state = try folder.state()
        #expect(try folder.failure(state) == nil)
        let account = try #require(state["accounts"]?.arrayValue?.first?.mapValue)
        let subscription = try #require(account["subscription"]?.mapValue)
        let optional: Set<CBOR> = ["lastDecision", "pin"]
        func accounts(_ changed: [[CBOR: CBOR]]) -> CBOR {
            ["accounts": .array(changed.map(CBOR.map))]
        }
        for key in account.keys where !optional.contains(key) {
            var changed = account
            changed[key] = nil
            #expect(try folder.failure(accounts([changed])) == damaged(folder), "\(key)")
        }
        for key in account.keys {
            for wrong: CBOR in [.null, 1, "", .bytes([]), .bytes([UInt8](repeating: 0, count: 32))]
            {
                var changed = account
                changed[key] = wrong
                #expect(try folder.failure(accounts([changed])) == damaged(folder), "\(key)")
            }
        }
        for key in subscription.keys {
            for wrong: CBOR? in [nil, .null, 1, "", .bytes([])]
            where key != "endpoint" || wrong != nil {
                var changed = account
                var inner = subscription
                inner[key] = wrong
                changed["subscription"] = .map(inner)
                #expect(try folder.failure(accounts([changed])) == damaged(folder), "\(key)")
            }
        }
        var stranger = account
        stranger["stranger"] = .null
        #expect(try folder.failure(accounts([stranger])) == damaged(folder))
        var pinned = account
        pinned["pin"] = .bytes([UInt8](repeating: 1, count: 32))
        // The URL is http, where there is no key to pin.
        #expect(try folder.failure(accounts([pinned])) == damaged(folder))
        #expect(try folder.failure(accounts([account, account])) == damaged(folder))
        #expect(try folder.failure(["accounts": .array([]), "more": 1]) == damaged(folder))
        #expect(try folder.failure([:]) == damaged(folder))
        #expect(try folder.failure(.array([])) == damaged(folder))
        #expect(try folder.failure(state) == nil)
    }

    @Test func `what cannot be saved does not count`() async throws {
        let office = try await PhoneOffice.start()
        let folder = try Folder()
        var configuration = SoftwarePhone.Configuration()
        configuration.delivery = .poll
        let phone = try SoftwarePhone(storage: folder.storage, configuration: configuration)
        // A folder stands where the new file would be written.
        try FileManager.default.createDirectory(
            atPath: folder.path + ".new", withIntermediateDirectories: false)
        await #expect(
            throws: PhoneFailure.state(
                .stateFile(path: folder.path, reason: "open: Is a directory"))
        ) {
            try await phone.enrol(office.ticket())
        }
        #expect(phone.accounts.isEmpty)
    }
}
