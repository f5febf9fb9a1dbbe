public import Authenticators
import CFIDO2
import Dispatch

/// A security key as the operating system lists it, not yet asked anything.
public struct ListedKey: Sendable, Hashable {
    /// Where it is.
    public let path: DevicePath
    /// Who made it, as its USB descriptor says.
    public let manufacturer: String?
    /// What it is called, as its USB descriptor says.
    public let product: String?
    /// Its USB vendor number.
    public let vendorID: UInt16?
    /// Its USB product number.
    public let productID: UInt16?

    /// A key that is known by its path only, such as one behind UDP, which no list contains.
    public init(path: DevicePath) {
        self.path = path
        manufacturer = nil
        product = nil
        vendorID = nil
        productID = nil
    }

    private init(
        path: DevicePath, manufacturer: String?, product: String?, vendorID: UInt16,
        productID: UInt16
    ) {
        self.path = path
        self.manufacturer = manufacturer
        self.product = product
        self.vendorID = vendorID
        self.productID = productID
    }

    /// The keys that are plugged in, by path, and after them those of `named` that are not among them.
    public static func attached(
        and named: [DevicePath] = []
    ) async throws(AuthenticatorFailure) -> [ListedKey] {
        let found = await withCheckedContinuation { continuation in
            // The scan reads the devices' descriptors and may wait for them.
            DispatchQueue.global().async { continuation.resume(returning: scan()) }
        }
        let listed = try found.get().sorted { $0.path.description < $1.path.description }
        let paths = Set(listed.map(\.path))
        return listed + named.filter { !paths.contains($0) }.map(ListedKey.init(path:))
    }

    private static let capacity = 64

    private static func scan() -> Result<[ListedKey], AuthenticatorFailure> {
        guard let list = unsafe fido_dev_info_new(capacity) else {
            return .failure(.unexpectedStatus(FIDOStatus.internalError.description))
        }
        defer {
            var list: OpaquePointer? = unsafe list
            unsafe fido_dev_info_free(&list, capacity)
        }
        var count = 0
        let status = unsafe FIDOStatus(rawValue: fido_dev_info_manifest(list, capacity, &count))
        guard status == .success else { return .failure(.unexpectedStatus(status.description)) }
        return .success(
            (0..<count).compactMap { index in
                unsafe fido_dev_info_ptr(list, index).flatMap { unsafe key($0) }
            })
    }

    private static func key(_ entry: OpaquePointer) -> ListedKey? {
        let text = unsafe string(fido_dev_info_path(entry)) ?? ""
        // The library also lists what it drives over NFC, under paths that are not ours to drive.
        guard let path = try? DevicePath(text) else { return nil }
        return unsafe ListedKey(
            path: path,
            manufacturer: string(fido_dev_info_manufacturer_string(entry)),
            product: string(fido_dev_info_product_string(entry)),
            vendorID: UInt16(bitPattern: fido_dev_info_vendor(entry)),
            productID: UInt16(bitPattern: fido_dev_info_product(entry)))
    }

    private static func string(_ start: UnsafePointer<CChar>?) -> String? {
        unsafe start.map { unsafe String(cString: $0) }
    }
}
