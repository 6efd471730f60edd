using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary><c>multiline</c>: puts a first line and those behind it, up to the next first line, into one entry.</summary>
/// <remarks>Lines before the first first line of a stream go on as they are. The block has the time and labels of its first line.</remarks>
public sealed class MultilineStage(GoRegex firstLine, TimeSpan maxWait, int maxLines, StageContext context) : IHoldingStage
{
    private readonly Dictionary<LabelSet, Block> _blocks = [];

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        var isFirst = firstLine.Match(entry.Line).Success;
        var stream = entry.Labels.Build();
        if (!_blocks.TryGetValue(stream, out var block))
        {
            if (!isFirst)
            {
                next.Take(entry);
                return;
            }
            _blocks[stream] = block = new Block(entry);
        }
        else if (isFirst)
        {
            block.Flush(next);
            block.First = entry;
        }
        block.Add(entry, context.NowMs);
        if (block.Lines >= maxLines)
        {
            block.Flush(next);
        }
    }

    public void Flush(long nowMs, bool everything, IEntryOutput next)
    {
        foreach (var block in _blocks.Values)
        {
            if (everything || nowMs - block.LastMs >= maxWait.TotalMilliseconds)
            {
                block.Flush(next);
            }
        }
    }

    public void AddHeld(List<SourceRange> held)
    {
        foreach (var block in _blocks.Values)
        {
            held.AddRange(block.Sources);
        }
    }

    private sealed class Block(ShippedEntry first)
    {
        private readonly List<string> _lines = [];

        public ShippedEntry First { get; set; } = first;

        public List<SourceRange> Sources { get; } = [];

        public int Lines => _lines.Count;

        public long LastMs { get; private set; }

        public void Add(ShippedEntry entry, long nowMs)
        {
            _lines.Add(entry.Line);
            Sources.AddRange(entry.Sources);
            LastMs = nowMs;
        }

        public void Flush(IEntryOutput next)
        {
            if (_lines.Count == 0)
            {
                return;
            }
            var whole = ShippedEntry.Like(First, string.Join('\n', _lines));
            whole.Sources.AddRange(Sources);
            _lines.Clear();
            Sources.Clear();
            next.Take(whole);
        }
    }
}
