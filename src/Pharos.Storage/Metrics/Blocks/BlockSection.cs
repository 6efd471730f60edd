using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>One part of a block's index: checked as a whole when the block is opened, read in pages since.</summary>
/// <remarks>Thread-safe. Nothing of it stays in memory but what the operating system keeps of the file, and a checksum of each page,
/// so that damage which comes after the opening is noticed, too.</remarks>
internal sealed class BlockSection
{
    public const int PageBytes = 1024;

    private const int CheckBytes = 256 * PageBytes;

    private readonly IReadFile _file;
    private readonly long _offset;
    private readonly uint[] _pageChecksums;

    /// <param name="file">Open as long as the section is used.</param>
    /// <param name="checkedThrough">The same file by another handle: pages of a mapping that are only checked need not stay.</param>
    /// <param name="path">Named in exceptions.</param>
    /// <param name="place">Inside the file.</param>
    /// <exception cref="CorruptFileException">The bytes are not those that were written.</exception>
    public BlockSection(IReadFile file, IReadFile checkedThrough, string path, SectionPlace place)
    {
        (_file, Path, _offset, SizeBytes) = (file, path, place.Offset, place.SizeBytes);
        _pageChecksums = new uint[(SizeBytes + PageBytes - 1) / PageBytes];
        Check(checkedThrough, place.Checksum);
    }

    public string Path { get; }

    public int SizeBytes { get; }

    /// <summary>Reads whole pages.</summary>
    /// <param name="at">Where a page begins.</param>
    /// <param name="into">Some pages long, or to the end of the section.</param>
    /// <exception cref="CorruptFileException">A page is not as it was when the block was opened.</exception>
    public void Read(int at, Span<byte> into)
    {
        _file.Read(_offset + at, into);
        for (var from = 0; from < into.Length; from += PageBytes)
        {
            if (Crc32C.Of(into[from..Math.Min(from + PageBytes, into.Length)]) != _pageChecksums[(at + from) / PageBytes])
            {
                throw Corrupt(at + from, "the index has changed since the block was opened");
            }
        }
    }

    /// <summary>The number at a place that is a multiple of its size.</summary>
    public int Int32At(int place)
    {
        Span<byte> page = stackalloc byte[PageBytes];
        var start = place & ~(PageBytes - 1);
        page = page[..Math.Min(PageBytes, SizeBytes - start)];
        Read(start, page);
        return BinaryPrimitives.ReadInt32LittleEndian(page[(place - start)..]);
    }

    public SectionCursor At(int place) => new(this, place);

    public CorruptFileException Corrupt(int at, string reason) => new(Path, _offset + at, reason);

    private void Check(IReadFile through, uint checksum)
    {
        var buffer = new byte[Math.Min(CheckBytes, SizeBytes)];
        var found = 0u;
        for (var at = 0; at < SizeBytes; at += buffer.Length)
        {
            var piece = buffer.AsSpan(0, Math.Min(buffer.Length, SizeBytes - at));
            through.Read(_offset + at, piece);
            found = Crc32C.Of(piece, found);
            for (var from = 0; from < piece.Length; from += PageBytes)
            {
                _pageChecksums[(at + from) / PageBytes] = Crc32C.Of(piece[from..Math.Min(from + PageBytes, piece.Length)]);
            }
        }
        if (found != checksum)
        {
            throw Corrupt(0, "the checksum of a section is wrong");
        }
    }
}
