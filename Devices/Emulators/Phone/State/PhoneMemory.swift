import Dispatch
import Emulators
import Encoding
import Synchronization

/// A phone's state, in memory and on disk, where it has a file.
final class PhoneMemory: Sendable {
    private let state: Mutex<PhoneState>
    private let file: StateFile?
    /// The file is written on a queue of its own: it waits for the disk.
    private let queue = DispatchQueue(label: "software phone")

    /// Reads the state, or begins with none.
    init(_ storage: SoftwarePhone.Storage) throws(PhoneFailure) {
        guard case .file(let path) = storage else {
            state = Mutex(PhoneState())
            file = nil
            return
        }
        do throws(EmulatorError) {
            let file = try StateFile(path: path, header: "countersign software phone, version 1")
            let saved = try file.load()
            guard let state = saved.map(PhoneState.init) ?? PhoneState() else {
                throw .damagedStateFile(path: path, reason: "its content is no phone's")
            }
            if saved == nil { try file.save(state.cbor) }
            self.state = Mutex(state)
            self.file = consume file
        } catch {
            throw .state(error)
        }
    }

    /// What the phone knows.
    var current: PhoneState { state.withLock { $0 } }

    /// Changes what the phone knows. It counts when it is on disk, and not before.
    func change(
        _ edit: @escaping @Sendable (inout PhoneState) throws(PhoneFailure) -> Void
    ) async throws(PhoneFailure) {
        let result: Result<Void, PhoneFailure> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.changed(edit)) }
        }
        try result.get()
    }

    /// On the queue only: nobody else changes the state.
    private func changed(
        _ edit: (inout PhoneState) throws(PhoneFailure) -> Void
    ) -> Result<Void, PhoneFailure> {
        var next = current
        do throws(PhoneFailure) {
            try edit(&next)
        } catch {
            return .failure(error)
        }
        do throws(EmulatorError) {
            try file?.save(next.cbor)
        } catch {
            return .failure(.state(error))
        }
        let saved = next
        state.withLock { $0 = saved }
        return .success(())
    }
}
