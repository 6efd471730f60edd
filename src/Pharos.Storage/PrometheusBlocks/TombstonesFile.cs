using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>A block's <c>tombstones</c>: which samples of which series are deleted and still there.</summary>
internal static class TombstonesFile
{
    public const string FileName = "tombstones";
    private const uint Magic = 0x0130BA30;
    private const byte Version = 1;
    private const int HeaderBytes = 5;
    private const int ChecksumBytes = 4;

    /// <summary>The intervals by reference of the series; empty where there is no file.</summary>
    public static Dictionary<ulong, List<TimeInterval>> Read(string blockDirectory)
    {
        var stones = new Dictionary<ulong, List<TimeInterval>>();
        var path = Path.Combine(blockDirectory, FileName);
        if (!File.Exists(path))
        {
            return stones;
        }
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeaderBytes + ChecksumBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic || bytes[4] != Version)
        {
            throw new CorruptFileException(path, 0, "these are no tombstones of version 1");
        }
        var payload = bytes.AsSpan(HeaderBytes..^ChecksumBytes);
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(^ChecksumBytes..)) != Crc32C.Of(payload))
        {
            throw new CorruptFileException(path, HeaderBytes, "the checksum is another");
        }
        var reader = new ByteReader(payload, path, HeaderBytes);
        while (reader.Remaining > 0)
        {
            var series = reader.UVarint();
            var interval = new TimeInterval(reader.Varint(), reader.Varint());
            if (!stones.TryGetValue(series, out var intervals))
            {
                stones.Add(series, intervals = []);
            }
            intervals.Add(interval);
        }
        return stones;
    }

    /// <summary>The contents of a file without tombstones.</summary>
    public static byte[] Empty()
    {
        var writer = new ByteWriter();
        writer.U32BigEndian(Magic);
        writer.U8(Version);
        writer.U32BigEndian(Crc32C.Of(writer.Written[HeaderBytes..]));
        return writer.Written.ToArray();
    }
}
