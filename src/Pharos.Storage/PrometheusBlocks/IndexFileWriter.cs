using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Writes a block's <c>index</c>, version 2, without the sections that nobody reads any more.</summary>
internal sealed class IndexFileWriter : IDisposable
{
    private const byte Version = 2;

    private readonly IAppendFile _file;
    private readonly ByteWriter _section = new(64 * 1024);
    private readonly ByteWriter _framed = new(64 * 1024);
    private readonly Dictionary<string, uint> _symbols = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedDictionary<string, List<uint>>> _postings = new(Utf8Order.Instance);
    private readonly List<uint> _all = [];

    public IndexFileWriter(IFileSystem files, string path) => _file = files.Create(path);

    /// <param name="series">Sorted by <see cref="Utf8Order"/>, each label set once.</param>
    public void Write(IReadOnlyList<(LabelSet Labels, BlockChunkRef[] Chunks)> series)
    {
        _section.U32BigEndian(IndexFile.Magic);
        _section.U8(Version);
        _file.Append(_section.Written);
        var symbols = WriteSymbols(series);
        Align(IndexFile.SeriesAlignment);
        var firstSeries = _file.SizeBytes;
        foreach (var (labels, chunks) in series)
        {
            WriteSeries(labels, chunks);
        }
        Align(sizeof(uint));
        var firstPostings = _file.SizeBytes;
        var table = WritePostings();
        WriteToc([symbols, firstSeries, 0, 0, firstPostings, table]);
        _file.Sync();
    }

    public void Dispose() => _file.Dispose();

    private long WriteSymbols(IReadOnlyList<(LabelSet Labels, BlockChunkRef[] Chunks)> series)
    {
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (labels, _) in series)
        {
            foreach (var label in labels.Span)
            {
                distinct.Add(label.Name);
                distinct.Add(label.Value);
            }
        }
        var sorted = distinct.ToArray();
        Array.Sort(sorted, Utf8Order.Instance);
        _section.Clear();
        _section.U32BigEndian((uint)sorted.Length);
        foreach (var symbol in sorted)
        {
            _symbols.Add(symbol, (uint)_symbols.Count);
            _section.Text(symbol);
        }
        return AppendSection();
    }

    private void WriteSeries(LabelSet labels, BlockChunkRef[] chunks)
    {
        Align(IndexFile.SeriesAlignment);
        var reference = checked((uint)(_file.SizeBytes / IndexFile.SeriesAlignment));
        _all.Add(reference);
        _section.Clear();
        _section.UVarint((ulong)labels.Count);
        foreach (var label in labels.OrderBy(static label => label.Name, Utf8Order.Instance))
        {
            _section.UVarint(_symbols[label.Name]);
            _section.UVarint(_symbols[label.Value]);
            Posting(label, reference);
        }
        WriteChunks(chunks);
        _framed.Clear();
        _framed.UVarint((ulong)_section.Length);
        _framed.Bytes(_section.Written);
        _framed.U32BigEndian(Crc32C.Of(_section.Written));
        _file.Append(_framed.Written);
    }

    private void WriteChunks(BlockChunkRef[] chunks)
    {
        _section.UVarint((ulong)chunks.Length);
        for (var i = 0; i < chunks.Length; i++)
        {
            var chunk = chunks[i];
            if (i == 0)
            {
                _section.Varint(chunk.MinTimeMs);
                _section.UVarint((ulong)(chunk.MaxTimeMs - chunk.MinTimeMs));
                _section.UVarint(chunk.Reference);
            }
            else
            {
                _section.UVarint((ulong)(chunk.MinTimeMs - chunks[i - 1].MaxTimeMs));
                _section.UVarint((ulong)(chunk.MaxTimeMs - chunk.MinTimeMs));
                _section.Varint((long)(chunk.Reference - chunks[i - 1].Reference));
            }
        }
    }

    private void Posting(Label label, uint reference)
    {
        if (!_postings.TryGetValue(label.Name, out var values))
        {
            _postings.Add(label.Name, values = new SortedDictionary<string, List<uint>>(Utf8Order.Instance));
        }
        if (!values.TryGetValue(label.Value, out var list))
        {
            values.Add(label.Value, list = []);
        }
        list.Add(reference);
    }

    /// <returns>Where the table of the lists is.</returns>
    private long WritePostings()
    {
        var table = new ByteWriter(64 * 1024);
        uint entries = 0;
        table.U32BigEndian(0);
        Add("", "", _all);
        foreach (var (name, values) in _postings)
        {
            foreach (var (value, list) in values)
            {
                Add(name, value, list);
            }
        }
        _section.Clear();
        _section.U32BigEndian(entries);
        _section.Bytes(table.Written[sizeof(uint)..]);
        return AppendSection();

        void Add(string name, string value, List<uint> list)
        {
            _section.Clear();
            _section.U32BigEndian((uint)list.Count);
            foreach (var reference in list)
            {
                _section.U32BigEndian(reference);
            }
            entries++;
            table.UVarint(2);
            table.Text(name);
            table.Text(value);
            table.UVarint((ulong)AppendSection());
        }
    }

    private void WriteToc(ReadOnlySpan<long> places)
    {
        _section.Clear();
        foreach (var place in places)
        {
            _section.U64BigEndian((ulong)place);
        }
        _section.U32BigEndian(Crc32C.Of(_section.Written));
        _file.Append(_section.Written);
    }

    /// <summary>Length, the section, checksum.</summary>
    private long AppendSection()
    {
        var place = _file.SizeBytes;
        _framed.Clear();
        _framed.U32BigEndian((uint)_section.Length);
        _framed.Bytes(_section.Written);
        _framed.U32BigEndian(Crc32C.Of(_section.Written));
        _file.Append(_framed.Written);
        return place;
    }

    private void Align(int bytes)
    {
        var rest = (int)(_file.SizeBytes % bytes);
        if (rest > 0)
        {
            _file.Append(new byte[bytes - rest]);
        }
    }
}
