using System.Buffers.Binary;
using System.Numerics;

namespace Pharos.Storage.State;

/// <summary>The first bytes of a state file, nearly all of which are the same in every one.</summary>
/// <remarks>https://www.sqlite.org/fileformat2.html#the_database_header. SQLite takes some for the signs of a newer version: it writes
/// nothing, or reads nothing, and calls neither damage.</remarks>
internal static class SqliteHeader
{
    private const int Bytes = 100;
    private const int PageBytesAt = 16;
    private const int PageCountAt = 28;
    private const int SchemaFormatAt = 44;
    private const int EncodingAt = 56;
    private const int DefaultPageBytes = 4096;
    private const int LargestPageBytes = 65_536;
    private const byte JournalVersion = 2;
    private const uint SchemaFormat = 4;
    private const uint Utf8 = 1;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Reserved bytes of a page, and three fractions that no version has changed.</summary>
    private static ReadOnlySpan<byte> Constants => [0, 64, 32, 32];

    /// <summary>Whether the file may be a state file, or is none yet.</summary>
    public static bool IsSound(string path)
    {
        if (!File.Exists(path))
        {
            return true;
        }
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[Bytes];
        return file.ReadAtLeast(header, Bytes, throwOnEndOfStream: false) < Bytes
            || (header.StartsWith(Magic) && header[20..24].SequenceEqual(Constants)
                && header[18] is 1 or JournalVersion && header[19] == header[18] && IsPageSize(PageBytes(header))
                && BinaryPrimitives.ReadUInt32BigEndian(header[SchemaFormatAt..]) <= SchemaFormat
                && BinaryPrimitives.ReadUInt32BigEndian(header[EncodingAt..]) <= Utf8);
    }

    /// <summary>The size of the file's pages; the usual one where it does not say.</summary>
    public static int PageBytesOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> header = stackalloc byte[Bytes];
        return file.ReadAtLeast(header, Bytes, throwOnEndOfStream: false) == Bytes && IsPageSize(PageBytes(header)) ? PageBytes(header) : DefaultPageBytes;
    }

    /// <summary>Writes what stands in every state file. For a copy from which is read what can be.</summary>
    public static void Repair(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Span<byte> header = stackalloc byte[Bytes];
        if (file.ReadAtLeast(header, Bytes, throwOnEndOfStream: false) < Bytes)
        {
            return;
        }
        Magic.CopyTo(header);
        if (!IsPageSize(PageBytes(header)))
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[PageBytesAt..], DefaultPageBytes);
        }
        header[18] = header[19] = JournalVersion;
        Constants.CopyTo(header[20..]);
        BinaryPrimitives.WriteUInt32BigEndian(header[PageCountAt..], (uint)(file.Length / PageBytes(header)));
        BinaryPrimitives.WriteUInt32BigEndian(header[SchemaFormatAt..], SchemaFormat);
        BinaryPrimitives.WriteUInt32BigEndian(header[EncodingAt..], Utf8);
        file.Position = 0;
        file.Write(header);
    }

    private static int PageBytes(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt16BigEndian(header[PageBytesAt..]) is var bytes && bytes == 1 ? LargestPageBytes : bytes;

    private static bool IsPageSize(int bytes) => bytes >= 512 && BitOperations.IsPow2(bytes);
}
