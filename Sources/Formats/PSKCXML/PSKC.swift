internal import Foundation
public import OATH
internal import XMLCoder

/// The Portable Symmetric Key Container (RFC 6030): XML in which makers and provisioning systems deliver keys of tokens.
public enum PSKC {
    /// Decodes a container.
    ///
    /// The document is UTF-8 with nothing in it but elements, attributes, text and comments: that is made sure of before an
    /// XML parser sees a byte of it. Elements are told by their local names and where they stand; what is not known is
    /// passed over, but for policies. Packages that cannot be used are reported by themselves: keys of other algorithms,
    /// without a secret, with a policy that nobody here could keep, or values encrypted otherwise than with AES in CBC mode
    /// and a MAC.
    ///
    /// - Throws: what is wrong with the document as a whole: `.tooLarge`, `.tooManyTokens`, `.encoding`, `.xml`; and
    ///   `.missing`, `.duplicate`, `.value` or `.unsupported` with the name of an element that the container has for all
    ///   packages.
    public static func decode(_ document: [UInt8]) throws(MalformedOATH) -> PSKCContainer {
        let root = try parse(XMLScan.check(document))
        guard let version = root.version else { throw .missing("Version") }
        guard version == "1.0" else { throw .unsupported("Version") }
        guard root.keyPackage.count <= BatchLimits.tokens else {
            throw .tooManyTokens(limit: BatchLimits.tokens)
        }
        guard !root.keyPackage.isEmpty else { throw .missing("KeyPackage") }
        let protection = try ProtectionReader.protection(of: root)
        let packages: [(serial: String?, outcome: Result<PSKCKeyPackage, MalformedOATH>)] = root
            .keyPackage.map { package in
                guard let element = package.element else {
                    return (nil, .failure(.xml(.malformed)))
                }
                let outcome: Result<PSKCKeyPackage, MalformedOATH> = Result {
                    () throws(MalformedOATH) in
                    try PackageReader(element, protection).package()
                }
                return (PackageReader.serial(of: element), outcome)
            }
        return PSKCContainer(
            protection: protection, isSigned: !root.signature.isEmpty, packages: packages)
    }

    private static func parse(_ document: [UInt8]) throws(MalformedOATH) -> ContainerElement {
        let decoder = XMLDecoder()
        decoder.shouldProcessNamespaces = true
        do {
            return try decoder.decode(ContainerElement.self, from: Data(document))
        } catch {
            throw .xml(.malformed)
        }
    }
}

extension Array {
    /// The only one of the elements of a name, or none.
    func one(_ name: String) throws(MalformedOATH) -> Element? {
        guard count <= 1 else { throw .duplicate(name) }
        return first
    }

    /// The only one of the elements of a name.
    func required(_ name: String) throws(MalformedOATH) -> Element {
        guard let element = try one(name) else { throw .missing(name) }
        return element
    }
}

extension String {
    /// The bytes of `xs:base64Binary`, which may have white space anywhere.
    func base64Binary(_ name: String) throws(MalformedOATH) -> [UInt8] {
        let text = String(unicodeScalars.filter { ![" ", "\t", "\r", "\n"].contains($0) })
        guard let bytes = try? SecretText.decodeBase64(text) else { throw .value(name) }
        return bytes
    }

    /// The number that the text is in decimal digits and nothing else.
    func number<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type = Number.self
    ) throws(MalformedOATH) -> Number {
        let digits = Number.isSigned && hasPrefix("-") ? dropFirst() : self[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Number(self)
        else { throw .value(name) }
        return number
    }
}
