using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Reads a block's <c>index</c>, versions 1 and 2: the series and where their chunks are. Posting lists but that of all
/// series are not used; whoever wants some series looks at each.</summary>
/// <remarks>Not thread-safe. Format: tsdb/docs/format/index.md of Prometheus.</remarks>
internal sealed class IndexFile : IDisposable
{
    public const string FileName = "index";
    public const uint Magic = 0xBAAAD700;
    public const int HeaderBytes = 5;
    public const int TocBytes = (6 * 8) + ChecksumBytes;
    public const int SeriesAlignment = 16;
    private const int ChecksumBytes = 4;
    private const int LengthBytes = 4;
    private const int MaxVarintBytes = 10;

    private readonly IReadFile _file;
    private readonly FileWindow _window;
    private readonly string[] _symbols;
    private readonly Dictionary<uint, int>? _symbolOffsets;
    private readonly long _postingsTable;

    public IndexFile(IFileSystem files, string path)
    {
        _file = files.OpenRead(path);
        _window = new FileWindow(_file, path);
        try
        {
            Version = ReadVersion();
            var toc = Toc();
            _postingsTable = toc.PostingsTable;
            _symbolOffsets = Version == 1 ? [] : null;
            _symbols = ReadSymbols(toc.Symbols);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public int Version { get; }

    public long SizeBytes => _file.SizeBytes;

    private string Path => _window.Path;

    public void Dispose() => _file.Dispose();

    /// <summary>The references of all series, in the order of their label sets.</summary>
    public uint[] AllSeries()
    {
        if (_postingsTable == 0)
        {
            return [];
        }
        var table = Section(_postingsTable).ToArray();
        var reader = new ByteReader(table, Path, _postingsTable + LengthBytes);
        for (var left = reader.U32BigEndian(); left > 0; left--)
        {
            if (reader.UVarint() != 2)
            {
                throw reader.Corrupt("an entry of the postings table that is no pair");
            }
            var name = reader.Text();
            var value = reader.Text();
            var offset = reader.UVarint();
            if (name.Length == 0 && value.Length == 0)
            {
                return Postings((long)offset);
            }
        }
        return [];
    }

    /// <summary>The series at a reference; its chunks are added to <paramref name="chunks"/>.</summary>
    public LabelSet Series(uint reference, List<BlockChunkRef> chunks)
    {
        var offset = Version == 1 ? reference : (long)reference * SeriesAlignment;
        var head = new ByteReader(_window.ReadUpTo(offset, MaxVarintBytes), Path, offset);
        var length = head.UVarint();
        var start = offset + head.Position;
        if (length > int.MaxValue - ChecksumBytes)
        {
            throw head.Corrupt($"a series of {length} bytes");
        }
        var reader = Checked(_window.Read(start, (int)length + ChecksumBytes), start);
        var labels = new Label[reader.Count(minBytesEach: 2)];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new Label(Symbol(ref reader), Symbol(ref reader));
        }
        ReadChunks(ref reader, chunks);
        // Go sorts names by their bytes; ours are in .NET's order.
        return LabelSet.From(labels);
    }

    private static void ReadChunks(ref ByteReader reader, List<BlockChunkRef> chunks)
    {
        var count = reader.Count(minBytesEach: 3);
        long maxTimeMs = 0;
        ulong chunk = 0;
        for (var i = 0; i < count; i++)
        {
            long minTimeMs;
            if (i == 0)
            {
                minTimeMs = reader.Varint();
                maxTimeMs = unchecked(minTimeMs + (long)reader.UVarint());
                chunk = reader.UVarint();
            }
            else
            {
                minTimeMs = unchecked(maxTimeMs + (long)reader.UVarint());
                maxTimeMs = unchecked(minTimeMs + (long)reader.UVarint());
                chunk = unchecked(chunk + (ulong)reader.Varint());
            }
            chunks.Add(new BlockChunkRef(minTimeMs, maxTimeMs, chunk));
        }
    }

    private string Symbol(ref ByteReader reader)
    {
        var symbol = reader.UVarint();
        if (_symbolOffsets is not null)
        {
            symbol = _symbolOffsets.TryGetValue((uint)symbol, out var at) ? (ulong)at : ulong.MaxValue;
        }
        return symbol < (ulong)_symbols.Length ? _symbols[symbol] : throw reader.Corrupt("a symbol that is not there");
    }

    private int ReadVersion()
    {
        var reader = new ByteReader(_window.Read(0, HeaderBytes), Path);
        if (reader.U32BigEndian() != Magic)
        {
            throw new CorruptFileException(Path, 0, "this is no index of a block");
        }
        var version = reader.U8();
        return version is 1 or 2 ? version : throw new CorruptFileException(Path, 4, $"version {version} is not known");
    }

    private (long Symbols, long PostingsTable) Toc()
    {
        var offset = _file.SizeBytes - TocBytes;
        var reader = Checked(_window.Read(offset, TocBytes), offset);
        var symbols = (long)reader.U64BigEndian();
        // Series, label indices, the table of label indices, postings.
        reader.Take(4 * 8);
        return (symbols, (long)reader.U64BigEndian());
    }

    private string[] ReadSymbols(long offset)
    {
        if (offset == 0)
        {
            return [];
        }
        var start = offset + LengthBytes;
        var reader = new ByteReader(Section(offset), Path, start);
        var count = reader.U32BigEndian();
        if (count > reader.Remaining)
        {
            throw reader.Corrupt($"{count} symbols with {reader.Remaining} bytes left");
        }
        var symbols = new string[count];
        for (var i = 0; i < symbols.Length; i++)
        {
            // Version 1 names a symbol by its place in the file.
            _symbolOffsets?.Add((uint)(start + reader.Position), i);
            symbols[i] = reader.Text();
        }
        return symbols;
    }

    private uint[] Postings(long offset)
    {
        var reader = new ByteReader(Section(offset), Path, offset + LengthBytes);
        var count = reader.U32BigEndian();
        if (count > reader.Remaining / sizeof(uint))
        {
            throw reader.Corrupt($"{count} series with {reader.Remaining} bytes left");
        }
        var series = new uint[count];
        for (var i = 0; i < series.Length; i++)
        {
            series[i] = reader.U32BigEndian();
        }
        return series;
    }

    /// <summary>What stands between a length and a checksum.</summary>
    private ReadOnlySpan<byte> Section(long offset)
    {
        var length = new ByteReader(_window.Read(offset, LengthBytes), Path, offset).U32BigEndian();
        if (length > int.MaxValue - ChecksumBytes)
        {
            throw new CorruptFileException(Path, offset, $"a section of {length} bytes");
        }
        var bytes = _window.Read(offset + LengthBytes, (int)length + ChecksumBytes);
        _ = Checked(bytes, offset + LengthBytes);
        return bytes[..^ChecksumBytes];
    }

    /// <summary>A reader of what comes before the checksum at the end.</summary>
    private ByteReader Checked(ReadOnlySpan<byte> bytes, long offset)
    {
        var payload = bytes[..^ChecksumBytes];
        var expected = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[^ChecksumBytes..]);
        return expected == Crc32C.Of(payload) ? new ByteReader(payload, Path, offset)
            : throw new CorruptFileException(Path, offset, "the checksum is another");
    }
}
