namespace Pharos.Collection.Shipping.Stages;

/// <summary>The stages of one source in their order.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class StagePipeline
{
    private readonly IStage[] _stages;
    private readonly Link[] _links;

    public StagePipeline(IReadOnlyList<StageFactory> stages, StageContext context, IEntryOutput output)
    {
        Context = context;
        _stages = [.. stages.Select(stage => stage(context))];
        _links = new Link[_stages.Length + 1];
        _links[_stages.Length] = new Link(null, null, output);
        for (var i = _stages.Length - 1; i >= 0; i--)
        {
            _links[i] = new Link(_stages[i], _links[i + 1], output);
        }
    }

    public StageContext Context { get; }

    public bool IsEmpty => _stages.Length == 0;

    public void Process(ShippedEntry entry) => _links[0].Take(entry);

    /// <summary>Lets entries go on that are kept back for long enough, or all of them.</summary>
    public void Flush(bool everything)
    {
        for (var i = 0; i < _stages.Length; i++)
        {
            if (_stages[i] is IHoldingStage holding)
            {
                holding.Flush(Context.NowMs, everything, _links[i + 1]);
            }
        }
    }

    /// <summary>The places of all entries that are kept back, sorted, those that touch put together.</summary>
    public List<SourceRange> Held()
    {
        var held = new List<SourceRange>();
        foreach (var stage in _stages)
        {
            (stage as IHoldingStage)?.AddHeld(held);
        }
        if (held.Count < 2)
        {
            return held;
        }
        held.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var merged = new List<SourceRange> { held[0] };
        foreach (var range in held.Skip(1))
        {
            if (range.Start <= merged[^1].End)
            {
                merged[^1] = new SourceRange(merged[^1].Start, Math.Max(merged[^1].End, range.End));
            }
            else
            {
                merged.Add(range);
            }
        }
        return merged;
    }

    private sealed class Link(IStage? stage, Link? next, IEntryOutput output) : IEntryOutput
    {
        public void Take(ShippedEntry entry)
        {
            if (stage is null)
            {
                output.Take(entry);
            }
            else
            {
                stage.Process(entry, next!);
            }
        }
    }
}
