using Pharos.Storage.Encoding;
using Pharos.Storage.Index;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>The inverted index of a block: label names and values as a dictionary, the posting lists as they are on disk.</summary>
/// <remarks>Immutable and thread-safe; its section was checked when the block was opened.</remarks>
internal sealed class BlockPostings : IPostingSource
{
    private readonly Dictionary<string, Dictionary<string, (int Offset, int SizeBytes, int Count)>> _names =
        new(StringComparer.Ordinal);
    private readonly byte[] _section;
    private readonly string _file;
    private readonly int _seriesCount;

    public BlockPostings(byte[] section, string[] symbols, int seriesCount, string file, long offset)
    {
        _section = section;
        _file = file;
        _seriesCount = seriesCount;
        var reader = new ByteReader(section, file, offset);
        for (var names = reader.Count(); names > 0; names--)
        {
            var values = new Dictionary<string, (int, int, int)>(StringComparer.Ordinal);
            _names.Add(Symbol(ref reader, symbols), values);
            for (var left = reader.Count(); left > 0; left--)
            {
                var value = Symbol(ref reader, symbols);
                var count = (int)reader.UVarint();
                var sizeBytes = reader.Count();
                values.Add(value, (reader.Position, sizeBytes, count));
                reader.Take(sizeBytes);
            }
        }
    }

    public IEnumerable<string> Names => _names.Keys;

    public void AddAll(IdSet into)
    {
        for (var id = 0; id < _seriesCount; id++)
        {
            into.Add((ulong)id);
        }
    }

    public IReadOnlyCollection<string> Values(string name) => _names.TryGetValue(name, out var values) ? values.Keys : [];

    public void AddIds(string name, string value, IdSet into)
    {
        if (_names.TryGetValue(name, out var values) && values.TryGetValue(value, out var list))
        {
            AddIds(list, into);
        }
    }

    public void AddMatching(LabelMatcher matcher, bool wanted, IdSet into, CancellationToken cancellation)
    {
        var seen = 0;
        foreach (var (value, list) in _names.GetValueOrDefault(matcher.Name) ?? [])
        {
            if ((++seen & 0xfff) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            if (matcher.Matches(value) == wanted)
            {
                AddIds(list, into);
            }
        }
    }

    private void AddIds((int Offset, int SizeBytes, int Count) list, IdSet into)
    {
        var reader = new ByteReader(_section.AsSpan(list.Offset, list.SizeBytes), _file);
        var id = 0UL;
        for (var i = 0; i < list.Count; i++)
        {
            into.Add(id += reader.UVarint());
        }
    }

    private static string Symbol(ref ByteReader reader, string[] symbols)
    {
        var number = reader.UVarint();
        return number < (ulong)symbols.Length ? symbols[number] : throw reader.Corrupt($"text {number} of {symbols.Length}");
    }
}
