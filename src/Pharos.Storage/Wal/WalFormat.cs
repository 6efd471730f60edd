using System.Buffers.Binary;
using Pharos.Storage.Encoding;

namespace Pharos.Storage.Wal;

/// <summary>How records stand in a segment; docs/formats/metric-wal.md has the byte diagram.</summary>
internal static class WalFormat
{
    /// <summary>"PHWL", at the start of a segment and of a checkpoint.</summary>
    public const uint FileMagic = 0x4C574850;

    public const uint Version = 1;

    public const int FileHeaderBytes = 8;

    /// <summary>Starts every record, so that a reader finds the next whole one behind damage. The high bits make it
    /// impossible inside UTF-8 text.</summary>
    public const uint RecordMagic = 0xFEC7A1F5;

    /// <summary>Magic, payload length, checksum of length and payload.</summary>
    public const int RecordHeaderBytes = 12;

    /// <summary>A longer record is refused by the writer and taken for damage by the reader.</summary>
    public const int MaxPayloadBytes = 512 * 1024 * 1024;

    public static void WriteFileHeader(Span<byte> header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, FileMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Version);
    }

    public static void WriteRecordHeader(Span<byte> header, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, RecordMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Crc32C.Of(payload, Crc32C.Of(header[4..8])));
    }
}
