using Pharos.Storage.Encoding;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Collects the inverted index that <see cref="BlockPostings"/> reads.</summary>
internal sealed class BlockPostingsWriter(BlockSymbols symbols)
{
    private readonly Dictionary<(int Name, int Value), List<uint>> _postings = [];

    /// <param name="id">Rising.</param>
    public void Add(LabelSet labels, uint id)
    {
        foreach (var label in labels.Span)
        {
            var pair = (symbols.NumberOf(label.Name), symbols.NumberOf(label.Value));
            if (!_postings.TryGetValue(pair, out var ids))
            {
                _postings.Add(pair, ids = new List<uint>(1));
            }
            ids.Add(id);
        }
    }

    /// <summary>For each label name, sorted, each value, sorted, with the numbers of its series as rising differences.</summary>
    public ByteWriter ToSection()
    {
        var section = new ByteWriter(64 * 1024);
        var ids = new ByteWriter();
        var names = _postings.GroupBy(static entry => entry.Key.Name)
            .OrderBy(group => symbols[group.Key], StringComparer.Ordinal).ToArray();
        section.UVarint((ulong)names.Length);
        foreach (var name in names)
        {
            section.UVarint((ulong)name.Key);
            section.UVarint((ulong)name.Count());
            foreach (var (pair, list) in name.OrderBy(entry => symbols[entry.Key.Value], StringComparer.Ordinal))
            {
                ids.Clear();
                var last = 0u;
                foreach (var id in list)
                {
                    ids.UVarint(id - last);
                    last = id;
                }
                section.UVarint((ulong)pair.Value);
                section.UVarint((ulong)list.Count);
                section.UVarint((ulong)ids.Length);
                section.Bytes(ids.Written);
            }
        }
        return section;
    }
}
