using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;


namespace Pharos.Collection.Shipping.Stages.Geo;

/// <summary>Reads MaxMind's database files: a binary tree over the bits of an address, and a section of values (maxmind.github.io/MaxMind-DB).</summary>
/// <remarks>Immutable and thread-safe; the file is held in memory.</remarks>
public sealed class MmdbReader
{
    /// <summary>Larger files are refused; the largest in use have some hundred MB.</summary>
    private const long MaxFileBytes = 1L << 30;

    /// <summary>The metadata stands in the last 128 KiB.</summary>
    private const int MaxMetadataBytes = 128 * 1024;

    private const int SeparatorBytes = 16;

    private readonly byte[] _bytes;
    private readonly int _dataStart;
    private readonly uint _nodeCount;
    private readonly int _recordBits;
    private readonly int _ipVersion;

    private MmdbReader(byte[] bytes)
    {
        _bytes = bytes;
        var window = bytes.AsSpan(Math.Max(0, bytes.Length - MaxMetadataBytes));
        var marker = window.LastIndexOf(Marker);
        if (marker < 0)
        {
            throw new InvalidDataException("it has no metadata of a MaxMind database");
        }
        var start = bytes.Length - window.Length + marker + Marker.Length;
        var metadata = new MmdbValues(bytes, start).Read(start) as Dictionary<string, object?>
            ?? throw new InvalidDataException("its metadata is no map");
        _nodeCount = (uint)Number(metadata, "node_count");
        _recordBits = (int)Number(metadata, "record_size");
        _ipVersion = (int)Number(metadata, "ip_version");
        DatabaseType = metadata.GetValueOrDefault("database_type") as string ?? "";
        if (_recordBits is not (24 or 28 or 32) || _nodeCount * (long)(_recordBits / 4) + SeparatorBytes > bytes.Length)
        {
            throw new InvalidDataException("its metadata does not fit its size");
        }
        _dataStart = (int)(_nodeCount * (_recordBits / 4)) + SeparatorBytes;
    }

    public string DatabaseType { get; }

    /// <summary>Three bytes and MaxMind.com.</summary>
    private static ReadOnlySpan<byte> Marker => [0xAB, 0xCD, 0xEF, 0x4D, 0x61, 0x78, 0x4D, 0x69, 0x6E, 0x64, 0x2E, 0x63, 0x6F, 0x6D];

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such database.</exception>
    public static MmdbReader Open(string path)
    {
        if (new FileInfo(path).Length > MaxFileBytes)
        {
            throw new InvalidDataException($"it is larger than {MaxFileBytes} bytes");
        }
        return new MmdbReader(File.ReadAllBytes(path));
    }

    /// <summary>The record of an address, or null where there is none.</summary>
    public Dictionary<string, object?>? Find(IPAddress address)
    {
        var bits = address.AddressFamily == AddressFamily.InterNetwork && _ipVersion == 6
            ? [.. new byte[12], .. address.GetAddressBytes()] : address.GetAddressBytes();
        if (bits.Length == 16 && _ipVersion == 4)
        {
            return null;
        }
        var node = 0u;
        for (var i = 0; i < bits.Length * 8 && node < _nodeCount; i++)
        {
            node = Child(node, (bits[i >> 3] >> (7 - (i & 7))) & 1);
        }
        if (node <= _nodeCount)
        {
            return null;
        }
        var offset = _dataStart + (long)(node - _nodeCount) - SeparatorBytes;
        return offset < _bytes.Length ? new MmdbValues(_bytes, _dataStart).Read((int)offset) as Dictionary<string, object?> : null;
    }

    private static ulong Number(Dictionary<string, object?> metadata, string name) =>
        metadata.GetValueOrDefault(name) as ulong? ?? throw new InvalidDataException($"its metadata has no {name}");

    private uint Child(uint node, int side)
    {
        var at = _bytes.AsSpan((int)(node * (_recordBits / 4)));
        switch (_recordBits)
        {
            case 24:
                return (uint)((at[side * 3] << 16) | (at[(side * 3) + 1] << 8) | at[(side * 3) + 2]);
            case 32:
                return BinaryPrimitives.ReadUInt32BigEndian(at[(side * 4)..]);
            default:
                var middle = side == 0 ? at[3] >> 4 : at[3] & 0x0F;
                var rest = side == 0 ? at : at[4..];
                return (uint)((middle << 24) | (rest[0] << 16) | (rest[1] << 8) | rest[2]);
        }
    }
}
