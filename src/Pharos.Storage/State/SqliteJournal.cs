using System.Buffers.Binary;
using System.Numerics;

namespace Pharos.Storage.State;

/// <summary>SQLite's write-ahead journal, read beside it: SQLite takes the first frame whose checksum is wrong for the end and says
/// nothing of those behind it.</summary>
/// <remarks>Its format: https://www.sqlite.org/fileformat2.html#walformat. Whoever calls sees to it that nobody writes meanwhile.</remarks>
internal static class SqliteJournal
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const int SaltAt = 16;
    private const int ChecksumAt = 24;
    private const int FrameSaltAt = 8;
    private const int FrameChecksumAt = 16;

    /// <summary>The lowest bit says that checksums are of big-endian words.</summary>
    private const uint Magic = 0x377f0682;
    private const uint Version = 3_007_000;
    private const uint MaxPageBytes = 65_536;

    /// <summary>The first byte that is not as it was written, or null. A frame that ends too early, or of which only the head has been
    /// written, is what a crash leaves.</summary>
    public static long? FindDamage(string path)
    {
        var bytes = Read(path);
        if (bytes.Length <= HeaderBytes)
        {
            return null;
        }
        if (HeaderOf(bytes) is not { } header)
        {
            return 0;
        }
        var (frameBytes, sum) = (FrameHeaderBytes + (int)header.PageBytes, header.Checksum);
        for (var at = HeaderBytes; at + frameBytes <= bytes.Length; at += frameBytes)
        {
            var frame = bytes.AsSpan(at, frameBytes);
            var next = ChecksumOf(frame, sum, header.IsBigEndian);
            if (SaltOf(frame) == header.Salt && next == StoredIn(frame))
            {
                sum = next;
                continue;
            }
            return IsDamaged(bytes, at, frameBytes, header) ? at : null;
        }
        return null;
    }

    /// <summary>Writes the checksums anew, so that SQLite takes every frame as it stands. For a copy from which is read what can be.</summary>
    public static void Repair(string path, string databasePath)
    {
        var bytes = Read(path);
        if (bytes.Length < HeaderBytes + FrameHeaderBytes)
        {
            return;
        }
        if (HeaderOf(bytes) is null)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, Magic);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Version);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), (uint)SqliteHeader.PageBytesOf(databasePath));
            bytes.AsSpan(HeaderBytes + FrameSaltAt, sizeof(ulong)).CopyTo(bytes.AsSpan(SaltAt));
            Store(bytes.AsSpan(ChecksumAt), ChecksumOf(bytes.AsSpan(0, ChecksumAt), default, isBigEndian: false));
        }
        if (HeaderOf(bytes) is not { } header)
        {
            return;
        }
        var (frameBytes, sum) = (FrameHeaderBytes + (int)header.PageBytes, header.Checksum);
        for (var at = HeaderBytes; at + frameBytes <= bytes.Length; at += frameBytes)
        {
            var frame = bytes.AsSpan(at, frameBytes);
            if (!IsOfThisRound(frame, header))
            {
                break;
            }
            BinaryPrimitives.WriteUInt64BigEndian(frame[FrameSaltAt..], header.Salt);
            sum = ChecksumOf(frame, sum, header.IsBigEndian);
            Store(frame[FrameChecksumAt..], sum);
        }
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Whether the frame, which does not go on from those before it, was once whole: it is the last thing in the file, or whole
    /// frames of the same round follow.</summary>
    private static bool IsDamaged(byte[] bytes, int at, int frameBytes, in Header header)
    {
        if (at + frameBytes == bytes.Length)
        {
            return IsOfThisRound(bytes.AsSpan(at, frameBytes), header);
        }
        for (var next = at + frameBytes; next + frameBytes <= bytes.Length; next += frameBytes)
        {
            var frame = bytes.AsSpan(next, frameBytes);
            if (SaltOf(frame) == header.Salt
                && ChecksumOf(frame, StoredIn(bytes.AsSpan(next - frameBytes, frameBytes)), header.IsBigEndian) == StoredIn(frame))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Frames of earlier rounds, which are overwritten one by one, have another salt: half of its bits, as it is random.</summary>
    private static bool IsOfThisRound(ReadOnlySpan<byte> frame, in Header header) =>
        BitOperations.PopCount(SaltOf(frame) ^ header.Salt) <= 1;

    private static Header? HeaderOf(ReadOnlySpan<byte> bytes)
    {
        var magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var pageBytes = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        var isBigEndian = (magic & 1) != 0;
        var sum = ChecksumOf(bytes[..ChecksumAt], default, isBigEndian);
        return (magic & ~1U) == Magic && pageBytes is >= 512 and <= MaxPageBytes && BitOperations.IsPow2(pageBytes)
            && sum == SumAt(bytes[ChecksumAt..])
            ? new Header(pageBytes, BinaryPrimitives.ReadUInt64BigEndian(bytes[SaltAt..]), sum, isBigEndian) : null;
    }

    /// <summary>Of a file header or of a frame (without its salt and checksum), continued from what came before.</summary>
    private static (uint First, uint Second) ChecksumOf(ReadOnlySpan<byte> bytes, (uint First, uint Second) before, bool isBigEndian)
    {
        if (bytes.Length == ChecksumAt)
        {
            return Sum(bytes, before, isBigEndian);
        }
        return Sum(bytes[FrameHeaderBytes..], Sum(bytes[..FrameSaltAt], before, isBigEndian), isBigEndian);
    }

    private static (uint First, uint Second) Sum(ReadOnlySpan<byte> bytes, (uint First, uint Second) sum, bool isBigEndian)
    {
        var (first, second) = sum;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            unchecked
            {
                first += (isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)) + second;
                second += (isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
                    + first;
            }
        }
        return (first, second);
    }

    private static ulong SaltOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt64BigEndian(frame[FrameSaltAt..]);

    private static (uint First, uint Second) StoredIn(ReadOnlySpan<byte> frame) => SumAt(frame[FrameChecksumAt..]);

    private static (uint First, uint Second) SumAt(ReadOnlySpan<byte> bytes) =>
        (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));

    private static void Store(Span<byte> at, (uint First, uint Second) sum)
    {
        BinaryPrimitives.WriteUInt32BigEndian(at, sum.First);
        BinaryPrimitives.WriteUInt32BigEndian(at[4..], sum.Second);
    }

    /// <summary>All of it: it is a few pages more than are kept before they go into the file.</summary>
    private static byte[] Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private readonly record struct Header(uint PageBytes, ulong Salt, (uint First, uint Second) Checksum, bool IsBigEndian);
}
