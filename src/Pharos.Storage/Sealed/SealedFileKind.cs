using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Storage.Sealed;

/// <summary>A kind of file that is written once and never changes. Magic number and version come first; last come a contents table, its
/// length, its checksum, and the magic number again.</summary>
internal sealed record SealedFileKind
{
    /// <summary>Magic, version.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Length of the contents table, its checksum, magic.</summary>
    public const int FooterBytes = 12;

    public const string QuarantineSuffix = ".corrupt";
    public const string TemporarySuffix = ".tmp";

    /// <summary>What the log calls such a file: "part".</summary>
    public required string Name { get; init; }

    public required string Suffix { get; init; }

    public required uint Magic { get; init; }

    /// <summary>The newest, which is written.</summary>
    public required uint Version { get; init; }

    public string FileName(long number) => NumberedName.Of(number, Suffix);

    /// <summary>The number in a file's name; false for files of another kind.</summary>
    public bool TryParse(string fileName, out long number) => NumberedName.TryParse(fileName, Suffix, out number);

    /// <summary>Reads the contents table of a file of the newest version.</summary>
    /// <exception cref="CorruptFileException">It is not as written.</exception>
    public ByteReader ReadContents(IReadFile file, string path, int contentsBytes)
    {
        if (file.SizeBytes < HeaderBytes + FooterBytes + contentsBytes)
        {
            throw new CorruptFileException(path, 0, $"{file.SizeBytes} bytes are too few for a {Name}");
        }
        Span<byte> header = stackalloc byte[HeaderBytes];
        file.Read(0, header);
        Span<byte> footer = stackalloc byte[FooterBytes];
        var footerOffset = file.SizeBytes - FooterBytes;
        file.Read(footerOffset, footer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(footer[8..]) != Magic)
        {
            throw new CorruptFileException(path, 0, "no magic number at its start or its end");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) is var version && version != Version)
        {
            throw new CorruptFileException(path, 4, $"format version {version} is not known");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(footer) != contentsBytes)
        {
            throw new CorruptFileException(path, footerOffset, "a contents table of another length");
        }
        var contents = new byte[contentsBytes];
        file.Read(footerOffset - contentsBytes, contents);
        return Crc32C.Of(contents) == BinaryPrimitives.ReadUInt32LittleEndian(footer[4..])
            ? new ByteReader(contents, path, footerOffset - contentsBytes)
            : throw new CorruptFileException(path, footerOffset - contentsBytes, "the checksum of the contents table is wrong");
    }
}
